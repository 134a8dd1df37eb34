/* The quick path of json_parse_own. */
#ifndef SNUG_JSON_JSON_OWN_H
#define SNUG_JSON_JSON_OWN_H

#include "json/json.h"

/* Reads what json/jw.h writes. The caller owns a reference to the value. NULL when the text is outside the subset or malformed:
 * then jansson decides. */
json_t *json_own_read(const char *text, size_t n);

#endif
