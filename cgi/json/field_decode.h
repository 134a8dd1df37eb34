/* Fills an input struct from a JSON object by a field table (base/field.h). */
#ifndef SNUG_JSON_FIELD_DECODE_H
#define SNUG_JSON_FIELD_DECODE_H

#include "base/field.h"
#include "json/json.h"
#include "json/jw.h"

/* input is the struct the table describes; it is zeroed first. Text is copied to the arena where trimming or case changes
 * it, else borrowed from the object. Values from a form arrive as strings: is_form accepts "true", "on", "1" and digits.
 * Returns ERR_INVALID_FORM with the list in errors. A body that is no object is ERR_INVALID_FORM too. */
enum err field_decode(struct arena *arena, const struct field *table, const json_t *object, bool is_form, void *input,
                      struct field_errors *errors) MUST_USE;

/* Writes {"content":{"_errors":[{"code":…,"message":…}]},…} (Discord's "errors" object) as member key. */
void field_errors_to_json(struct jw *jw, const char *key, const struct field_errors *errors);

#endif
