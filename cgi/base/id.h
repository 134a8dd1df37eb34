/* Snowflakes: (milliseconds since 2015-01-01 UTC) << 22 | low bits. int64_t in memory and in the database, a decimal
 * string in JSON. Ids of one generator only ever grow, whatever the clock does. */
#ifndef SNUG_BASE_ID_H
#define SNUG_BASE_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ID_EPOCH_MS INT64_C(1420070400000)
enum { ID_TEXT_SIZE = 24 };

struct id_source {
	int64_t last; /* the highest id given out, or found in the database at start */
};

int64_t id_next(struct id_source *source, int64_t now_ms);
int64_t id_created_at_ms(int64_t id);
int64_t id_first_at(int64_t at_ms); /* the lowest that could be made at that time; 1 for times before ids */

/* Parses decimal digits only, 1 to INT64_MAX; false for anything else (sign, space, leading zero, overflow, empty). */
bool id_parse(const char *p, size_t n, int64_t *out);

void id_format(int64_t id, char out[ID_TEXT_SIZE]);

#endif
