/* Making replies: status, headers, JSON, redirects, errors. */
#ifndef SNUG_FRONT_REPLY_H
#define SNUG_FRONT_REPLY_H

#include "front/front.h"
#include "json/jw.h"

/* Adds a header. The value is borrowed, so it is a constant or in the arena; it holds no CR or LF (ensured). */
void reply_header(struct response *response, const char *name, const char *value);

/* Starts a JSON body: sets status and type, and readies jw to write it into the response. */
void reply_json(struct response *response, int status, struct jw *jw);

/* Starts a page: sets status and type; the caller renders into response->body. */
void reply_page(struct response *response, int status);

/* A sentence as plain text, for when there is no page to put it on. */
void reply_text(struct response *response, int status, const char *sentence);

/* 204, without a body. */
void reply_nothing(struct response *response);

/* 303 See Other to a path of this site ("/login?next=…"), in the arena or constant. */
void reply_redirect(struct response *response, const char *location);

/* Replaces whatever was written by the error: in snug-api Discord's JSON form, in snug-web the error page, or for
 * ERR_UNAUTHORIZED a redirect to /login that comes back to this page. */
void reply_error(struct request *request, struct response *response, enum err why);

/* Takes back body and headers, so that something else can be said. The status stays. */
void reply_clear(struct response *response);

#endif
