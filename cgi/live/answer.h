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
void answer_stream_head(const struct live *live, struct buf *out, const char *content_type, bool is_chunked);

/* Sends the head alone, for HEAD, and finishes the connection. */
void answer_head_only(struct connection *connection, const char *content_type);

/* Sends the error and finishes the connection. errors are the details of ERR_INVALID_FORM; NULL: none. */
void answer_error(struct connection *connection, enum err why, const struct field_errors *errors);

/* Writes a 503 straight to a socket, for want of everything that a connection needs. */
void answer_overloaded(int fd);

#endif
