/* Who is asking: see credential.h. Called by the pipeline, and by snug-live for each stream. */
#include "front/credential.h"

#include "front/reply.h"
#include "http/authorization.h"
#include "http/cookie.h"

#include <string.h>

const char *credential_cookie_name(bool is_https)
{
	return is_https ? "__Host-snug_session" : "snug_session";
}

/* The session of an access token has to be live still: revoking it ends its tokens before they expire. */
static enum err from_access_token(struct sql *db, const struct jwt_keys *keys, struct str token, int64_t now_ms,
				  struct session *out)
{
	struct jwt_claims claims;

	TRY(jwt_verify(keys, token.p, token.n, now_ms / 1000, &claims));
	return session_find_live(db, claims.session_id, claims.user_id, now_ms, out);
}

/* Each header stands for some kinds of session only: a cookie's secret is no token, and a refresh token is neither. */
static enum err from_secret(struct sql *db, struct str secret, bool is_cookie, int64_t now_ms, struct session *out)
{
	TRY(session_find_by_token(db, secret.p, secret.n, now_ms, out));
	if (is_cookie)
		return out->kind == SESSION_COOKIE ? ERR_OK : ERR_UNAUTHORIZED;
	return out->kind == SESSION_TOKEN || out->kind == SESSION_BOT ? ERR_OK : ERR_UNAUTHORIZED;
}

/* Nobody, unless everything was right. */
static enum err conclude(enum err e, struct session *out)
{
	if (e != ERR_OK)
		memset(out, 0, sizeof(*out));
	return e;
}

/* Discord's libraries write "Bot" before any token they are given, so the scheme does not choose the kind. */
enum err credential_from_authorization(struct sql *db, const struct jwt_keys *keys, struct str authorization,
				       int64_t now_ms, struct session *out)
{
	struct str token;

	memset(out, 0, sizeof(*out));
	switch (authorization_parse(authorization, &token)) {
	case AUTHORIZATION_NONE:
		return ERR_OK;
	case AUTHORIZATION_BEARER:
	case AUTHORIZATION_BOT:
		break;
	case AUTHORIZATION_INVALID:
		return ERR_UNAUTHORIZED;
	}
	if (memchr(token.p, '.', token.n) != NULL)
		return conclude(from_access_token(db, keys, token, now_ms, out), out);
	return conclude(from_secret(db, token, false, now_ms, out), out);
}

enum err credential_from_cookie(struct sql *db, bool is_https, struct str cookie, int64_t now_ms, struct session *out)
{
	struct str secret;

	memset(out, 0, sizeof(*out));
	if (!cookie_find(cookie, credential_cookie_name(is_https), &secret) || secret.n == 0)
		return ERR_OK;
	return conclude(from_secret(db, secret, true, now_ms, out), out);
}

static void cookie_put(struct request *request, struct response *response, const char *token, long long seconds)
{
	bool is_https = request->app->is_https;

	reply_header(response, "Set-Cookie",
		     arena_printf(request->arena, "%s=%s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Lax%s",
				  credential_cookie_name(is_https), token, seconds, is_https ? "; Secure" : ""));
}

void credential_cookie_set(struct request *request, struct response *response, const char *token)
{
	cookie_put(request, response, token, (long long)SESSION_MAX_DAYS * 24 * 60 * 60);
}

void credential_cookie_clear(struct request *request, struct response *response)
{
	cookie_put(request, response, "", 0);
}
