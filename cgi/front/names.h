/* Names in what people type, made what is stored before an op sees the text (domain/name): in the forms of pages
 * always, in the API where the input says "resolve_names": true, since programs send ids. Whatever writes a text has
 * the fields `content` and `resolve_names`, and a channel in its address. */
#ifndef SNUG_FRONT_NAMES_H
#define SNUG_FRONT_NAMES_H

#include "front/front.h"

/* Changes the input's content; does nothing for routes without one. Errors: of the database. */
enum err names_settle(struct request *request) MUST_USE;

#endif
