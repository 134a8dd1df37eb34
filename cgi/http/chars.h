/* The character classes of HTTP (RFC 9110 section 5.6.2, RFC 3986 section 2), which <ctype.h> does not have and whose
 * locale nobody here wants. */
#ifndef SNUG_HTTP_CHARS_H
#define SNUG_HTTP_CHARS_H

#include <stdbool.h>
#include <string.h>

static inline bool chars_is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool chars_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* tchar: what method names, header names and media types are made of. */
static inline bool chars_is_token(char c)
{
	return chars_is_alpha(c) || chars_is_digit(c) || (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

/* unreserved: what stands in a URL for itself everywhere. */
static inline bool chars_is_unreserved(char c)
{
	return chars_is_alpha(c) || chars_is_digit(c) || (c != '\0' && strchr("-._~", c) != NULL);
}

/* A control character: C0 or DEL. */
static inline bool chars_is_control(char c)
{
	return (c >= 0 && c < 0x20) || c == 0x7f;
}

/* The value of a hexadecimal digit, -1 for anything else. */
static inline int chars_hex(char c)
{
	if (chars_is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

#endif
