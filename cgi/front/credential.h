/* Who is asking: the session or token behind a Cookie or Authorization header. snug-live uses it too, so it takes the
 * pieces and not a struct app. Snug-api passes no cookie: pages post to page addresses, so a cookie proves nothing
 * there. */
#ifndef SNUG_FRONT_CREDENTIAL_H
#define SNUG_FRONT_CREDENTIAL_H

#include "base/err.h"
#include "base/str.h"
#include "front/session_cache.h"
#include "http/jwt.h"
#include "sql/sql.h"

#include <stdbool.h>

struct response;
struct request;

/* The name of the session cookie: __Host-snug_session where people reach us by https, else snug_session. */
const char *credential_cookie_name(bool is_https);

/* Where sessions are looked for. */
struct credential_source {
	struct sql *db;
	struct session_cache *cache; /* looked into first; NULL: there is none */
	int64_t now_ms;
};

/* Authorization: Bearer <access token or personal token>, or Bot <token>; the session behind it is checked to be live
 * now. *out has id 0 when the header is absent. ERR_UNAUTHORIZED when it is there and not valid. */
enum err credential_from_authorization(const struct credential_source *source, const struct jwt_keys *keys,
				       struct str authorization, struct session *out) MUST_USE;

/* The cookie session. *out has id 0 when there is no such cookie. ERR_UNAUTHORIZED when it is there and not valid. */
enum err credential_from_cookie(const struct credential_source *source, bool is_https, struct str cookie,
				struct session *out) MUST_USE;

/* Sets the cookie to a new session's token, or takes it away: HttpOnly, SameSite=Lax, and Secure where https is. */
void credential_cookie_set(struct request *request, struct response *response, const char *token);
void credential_cookie_clear(struct request *request, struct response *response);

#endif
