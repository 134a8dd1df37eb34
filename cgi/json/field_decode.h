/* Fills an input struct from a JSON object by a field table (base/field.h). */
#ifndef SNUG_JSON_FIELD_DECODE_H
#define SNUG_JSON_FIELD_DECODE_H

#include "base/field.h"
#include "json/json.h"
#include "json/jw.h"
#include "json/view.h"

/* object is of view_parse_peer, or made of valid text. input is the struct the table describes; its set and every field
 * of the table are zeroed first. Text is copied to the arena. Text must be free of control characters;
 * FIELD_MULTILINE allows newline and tab, and CRLF and CR become LF. Values from a form arrive as strings: is_form
 * accepts digits, "true", "on", "1", "false", "off", "0" in any case, and takes an empty string for a number or flag as
 * absent. An empty nonce is absent everywhere. Returns ERR_INVALID_FORM with the list in errors (emptied first). A body
 * that is no object is ERR_INVALID_FORM too, as an error of the field "". */
enum err field_decode(struct arena *arena, const struct field *table, const struct view *object, bool is_form, void *input,
		      struct field_errors *errors) MUST_USE;

/* Writes {"content":{"_errors":[{"code":…,"message":…}]},…} (Discord's "errors" object) as member key; errors of one
 * field come together, those of the field "" as "_errors" of the whole. A field may be a path, "embeds.0.title". */
void field_errors_to_json(struct jw *jw, const char *key, const struct field_errors *errors);

#endif
