/* From what a client sent to the struct that a route's field table describes: the body as JSON or form, or the query of
 * a GET, joined by what the path names. */
#ifndef SNUG_FRONT_DECODE_H
#define SNUG_FRONT_DECODE_H

#include "front/front.h"

/* Parses the query string into request->query, and in snug-web the body into request->form. Errors: ERR_BAD_REQUEST,
 * ERR_UNSUPPORTED_TYPE. */
enum err decode_forms(struct request *request) MUST_USE;

/* Fills request->input where the route has fields. Errors: ERR_BAD_JSON, ERR_INVALID_FORM (details in request->errors),
 * ERR_UNSUPPORTED_TYPE. */
enum err decode_input(struct request *request) MUST_USE;

/* Writes the input that a table describes as members of the object that jw stands in: what was given, and null for what
 * was given as null. */
void decode_undo(struct arena *arena, const struct field *table, const void *input, struct jw *jw);

#endif
