/* Errors that lighttpd finds before a program is asked, or when one did not answer: a malformed head, a body that is
 * too large, a process that died. It hands them on (server.error-handler) as a request of their own, with the status in
 * REDIRECT_STATUS, so that they are told in the form that the path calls for and with the headers of every reply. Only
 * when that does not work either does it send a ready-made document of run/errors. */
#ifndef SNUG_FRONT_SERVER_ERROR_H
#define SNUG_FRONT_SERVER_ERROR_H

#include "front/front.h"

/* The status that is to be told; 0 for a request of the usual kind. Whoever asks for an address of server.error-handler
 * finds nothing there: 404. */
int server_error_status(const struct request *request);

/* Whether this is a POST to the API that lighttpd refuses because it says nothing of a body (411). It has none, which
 * is fine with us: it is to be answered as a POST. */
bool server_error_is_bare_post(const struct request *request, int status);

/* Tells of it: JSON under /api and for streams, else the page that snug run has made ready. */
void server_error_reply(struct request *request, struct response *response, int status);

#endif
