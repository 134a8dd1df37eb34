/* FastCGI by libfcgi: from a connection of lighttpd's to front_answer, and back. The only file that knows FCGX. */
#ifndef SNUG_FRONT_FCGI_H
#define SNUG_FRONT_FCGI_H

#include "front/front.h"
#include "front/pool.h"

/* Serves requests until the pool tells this child to end. */
void fcgi_serve(struct app *app, int listen_fd, struct pool_slot *slot);

/* Appends the reply as CGI has it: Status, headers, blank line, body. Every reply has its length, so that a truncated
 * one is noticed. */
void fcgi_write_reply(struct buf *out, const struct response *response, bool is_head);

#endif
