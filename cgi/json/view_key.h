/* What members are told apart by before their names are compared: shared by view.c and view_parse.c. */
#ifndef SNUG_JSON_VIEW_KEY_H
#define SNUG_JSON_VIEW_KEY_H

#include <stddef.h>
#include <stdint.h>

/* Length and three of the bytes: names of members are few and rarely agree in all of it. */
static inline uint32_t view_key(const char *name, size_t n)
{
	const unsigned char *bytes = (const unsigned char *)name;
	if (n == 0)
		return 0;
	return (uint32_t)(n & 0xff) | (uint32_t)bytes[0] << 8 | (uint32_t)bytes[n / 2] << 16 |
	       (uint32_t)bytes[n - 1] << 24;
}

#endif
