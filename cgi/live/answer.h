/* Replies of snug-live: the head of a stream, and errors in the API's JSON form. */
#ifndef SNUG_LIVE_ANSWER_H
#define SNUG_LIVE_ANSWER_H

#include "base/buf.h"
#include "base/err.h"
#include "base/field.h"

#include <stdbool.h>

struct connection;
struct live;

enum { ANSWER_RETRY_AFTER_S = 2 };

/* Appends the head of a 200 whose body has no length: it ends with the connection, or is chunked. */
void answer_stream_head(const struct connection *connection, struct buf *out, const char *content_type,
			bool is_chunked);

/* Sends the head alone, for HEAD, and finishes the connection. */
void answer_head_only(struct connection *connection, const char *content_type);

/* Sends the error and finishes the connection. errors are the details of ERR_INVALID_FORM; NULL: none. */
void answer_error(struct connection *connection, enum err why, const struct field_errors *errors);

/* Answers OPTIONS, with which a browser asks whether a page of another site may follow events, and finishes the
 * connection. */
void answer_preflight(struct connection *connection);

/* Writes a 503 straight to a socket, for want of a descriptor to keep it by. */
void answer_overloaded(const struct live *live, int fd);

#endif
