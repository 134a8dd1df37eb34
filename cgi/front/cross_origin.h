/* The API as pages of other sites see it (cors_origins): preflights, and headers on every reply of snug-api. */
#ifndef SNUG_FRONT_CROSS_ORIGIN_H
#define SNUG_FRONT_CROSS_ORIGIN_H

#include "front/front.h"

/* OPTIONS, to the API: a preflight, or somebody who wants to know what a path takes. Pages have no OPTIONS. */
bool cross_origin_is_question(const struct request *request);

/* Answers it: 204 with the methods of the path's rows. Reads no credential, since a preflight carries none, and no
 * database. Errors: those of route_find, ERR_NOT_FOUND above all. */
enum err cross_origin_answer(struct request *request, struct response *response) MUST_USE;

/* Adds the headers to the finished reply of snug-api; in snug-web it does nothing. */
void cross_origin_headers(struct request *request, struct response *response);

#endif
