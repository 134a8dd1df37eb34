/* ensure(): a programmer's error ends the program, in release builds too. Never for input. */
#ifndef SNUG_BASE_ENSURE_H
#define SNUG_BASE_ENSURE_H

#define ensure(condition) ((condition) ? (void)0 : ensure_failed(#condition, __FILE__, __LINE__))

/* Logs the failed condition and aborts. */
_Noreturn void ensure_failed(const char *condition, const char *file, int line);

/* malloc, realloc and strdup that end the program when memory is out; sizes are bounded before they are called. */
void *ensure_malloc(unsigned long size_bytes);
void *ensure_calloc(unsigned long count, unsigned long size_bytes);
void *ensure_realloc(void *old, unsigned long size_bytes);
char *ensure_strdup(const char *text);

#endif
