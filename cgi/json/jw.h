/* The JSON writer: appends one JSON text to a buffer, in order, without building a tree.
 * Every view of a thing (<noun>_json.c) is a function that writes into one of these. key is NULL inside an array. */
#ifndef SNUG_JSON_JW_H
#define SNUG_JSON_JW_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

struct jw {
	struct buf *out;  /* borrowed */
	bool needs_comma; /* a value stands before this place in the current container */
};

void jw_init(struct jw *jw, struct buf *out);
void jw_object(struct jw *jw, const char *key); /* { */
void jw_object_end(struct jw *jw);
void jw_array(struct jw *jw, const char *key); /* [ */
void jw_array_end(struct jw *jw);
void jw_text(struct jw *jw, const char *key, const char *text); /* NULL is null; valid UTF-8 */
void jw_text_n(struct jw *jw, const char *key, const char *text, size_t n);
void jw_id(struct jw *jw, const char *key, int64_t id);      /* a decimal string; 0 is null */
void jw_bits(struct jw *jw, const char *key, uint64_t bits); /* a decimal string */
void jw_int(struct jw *jw, const char *key, int64_t value);
void jw_flag(struct jw *jw, const char *key, bool value);
void jw_null(struct jw *jw, const char *key);
void jw_time(struct jw *jw, const char *key, int64_t at_ms);             /* ISO 8601; 0 is null */
void jw_raw(struct jw *jw, const char *key, const char *json, size_t n); /* JSON text that was written by a jw */

#endif
