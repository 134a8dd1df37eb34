/* Cross-site request forgery: what every POST to a page has to show. Two independent proofs are asked for:
 * that the browser says the form came from this site (Sec-Fetch-Site, Origin; absent from old browsers, then only the
 * token speaks), and a token that only a page of ours, shown to the same visitor, can hold: HMAC(csrf key, session id),
 * or, for somebody who is not logged in, HMAC(csrf key, a random cookie) so that nobody can be logged in by another
 * site. The token is masked with fresh random bytes in each reply, so that compression of the page does not leak it
 * (BREACH). */
#ifndef SNUG_FRONT_CSRF_H
#define SNUG_FRONT_CSRF_H

#include "front/front.h"

/* Bytes of a masked token as base64url text with its NUL. */
enum { CSRF_TOKEN_SIZE = 88 };

/* The token for the forms of this page, in the arena. Where nobody is logged in, it may add the cookie to the response.
 */
const char *csrf_token(struct request *request, struct response *response);

/* Checks a POST: its origin, and the form's field "csrf". ERR_CSRF. */
enum err csrf_check(const struct request *request) MUST_USE;

/* Whether the browser says that the request came from this site, or says nothing. */
bool csrf_origin_is_ours(const struct app *app, struct str origin, struct str fetch_site, struct str host);

/* The pieces, over bytes: subject is "session:<id>" or "visitor:<cookie>". */
void csrf_seal(const struct secret *key, const char *subject, char out[CSRF_TOKEN_SIZE]);
bool csrf_is_sealed(const struct secret *key, const char *subject, const char *token);

#endif
