#include "base/ensure.h"

#include "base/log.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void ensure_failed(const char *condition, const char *file, int line)
{
	log_event(LOG_ERROR, "ensure_failed", log_text("condition", condition), log_text("file", file),
		  log_number("line", line));
	abort();
}

static void *taken(void *memory)
{
	if (!memory)
		ensure_failed("memory is left", __FILE__, __LINE__);
	return memory;
}

/* Size 0 is asked for as 1, since malloc may answer NULL to 0 and that would look like failure. */
void *ensure_malloc(unsigned long size_bytes)
{
	return taken(malloc(size_bytes ? size_bytes : 1));
}

void *ensure_calloc(unsigned long count, unsigned long size_bytes)
{
	return taken(count && size_bytes ? calloc(count, size_bytes) : calloc(1, 1));
}

void *ensure_realloc(void *old, unsigned long size_bytes)
{
	return taken(realloc(old, size_bytes ? size_bytes : 1));
}

char *ensure_strdup(const char *text)
{
	return taken(strdup(text));
}
