/* Templates of any bytes: the engine ends, within its limits, and strict mode agrees with lenient mode where it
 * succeeds. The first line of the input is the data where it is JSON; the rest is the template, which is its own
 * partial "p". */
#include "base/buf.h"
#include "base/ensure.h"
#include "base/log.h"
#include "tmpl/tmpl.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n);

static struct tmpl *find_partial(void *owner, const char *name)
{
	return strcmp(name, "p") == 0 ? owner : NULL;
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n)
{
	log_open("fuzz_tmpl", LOG_ERROR + 1);
	const char *text = (const char *)bytes;
	const char *newline = n ? memchr(text, '\n', n) : NULL;
	size_t data_n = newline ? (size_t)(newline - text) : 0;
	struct arena arena;
	struct view *data;
	arena_init(&arena);
	if (view_parse(&arena, text, data_n, &data) != ERR_OK)
		data = NULL;
	const char *source = newline ? newline + 1 : text;
	size_t source_n = newline ? n - data_n - 1 : n;

	struct tmpl *tmpl;
	struct tmpl_error error;
	if (tmpl_parse("fuzz", source, source_n, &tmpl, &error) == ERR_OK) {
		const struct tmpl_partials partials = {find_partial, tmpl};
		struct buf strict, lenient;
		buf_init(&strict);
		buf_init(&lenient);
		enum err e = tmpl_render_parsed(tmpl, &partials, data, TMPL_STRICT, &strict, &error);
		ensure(e == ERR_OK || strict.n == 0);
		if (tmpl_render_parsed(tmpl, &partials, data, TMPL_LENIENT, &lenient, NULL) == ERR_OK && e == ERR_OK)
			ensure(strict.n == lenient.n && (strict.n == 0 || memcmp(strict.p, lenient.p, strict.n) == 0));
		buf_free(&strict);
		buf_free(&lenient);
		tmpl_free(tmpl);
	} else {
		ensure(error.why);
	}
	arena_free(&arena);
	return 0;
}
