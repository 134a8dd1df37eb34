#include "run/run_refuse.h"

#include <stdarg.h>
#include <stdio.h>

enum err run_refuse(const char *format, ...)
{
	char sentence[4096];
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(sentence, sizeof sentence, format, arguments);
	va_end(arguments);
	fprintf(stderr, "snug: %s\n", sentence);
	return ERR_BAD_REQUEST;
}
