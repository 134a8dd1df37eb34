/* JSON in: jansson behind bounds, owned by an arena so that no caller counts references. JSON out is json/jw.h. */
#ifndef SNUG_JSON_JSON_H
#define SNUG_JSON_JSON_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <jansson.h>
#include <stdint.h>

enum { JSON_DEPTH_MAX = 32, JSON_BODY_MAX = 256 * 1024 };

/* Parses one JSON text (RFC 8259) of at most JSON_BODY_MAX bytes; the value is released with the arena.
 * Errors: ERR_TOO_LARGE, ERR_BAD_JSON (malformed, nested deeper than JSON_DEPTH_MAX, invalid UTF-8, U+0000, duplicate
 * keys). */
enum err json_parse(struct arena *arena, const char *text, size_t n, json_t **out) MUST_USE;

/* As json_parse for text that this system wrote itself: no limit on size but memory. */
enum err json_parse_own(struct arena *arena, const char *text, size_t n, json_t **out) MUST_USE;

/* Member access that never fails: absent or of another type gives NULL, 0 or false. Text is borrowed from the value. */
const char *json_text(const json_t *object, const char *key);
int64_t json_id(const json_t *object, const char *key); /* from a decimal string or an integer */
int64_t json_id_of(const json_t *value);                /* the same of a value by itself */
int64_t json_int(const json_t *object, const char *key);
bool json_flag(const json_t *object, const char *key);

struct view;

/* The same value, released with the arena; view is of view_parse_peer. */
json_t *json_from_view(struct arena *arena, const struct view *view);

/* The value as compact JSON text in the arena, NUL-terminated. */
struct str json_write(struct arena *arena, const json_t *value);

#endif
