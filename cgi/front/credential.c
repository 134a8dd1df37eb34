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

/* By a secret: in the memory of this process, else in the database. */
static enum err find_by_digest(const struct credential_source *source, struct str secret, struct session *out)
{
	unsigned char digest[DIGEST_BYTES];
	struct session_key key;

	secret_digest(secret.p, secret.n, digest);
	key = session_key_of_digest(digest);
	if (session_cache_find(source->cache, &key, source->now_ms, out))
		return ERR_OK;
	TRY(session_find_by_digest(source->db, digest, source->now_ms, out));
	session_cache_keep(source->cache, &key, out);
	return ERR_OK;
}

static enum err find_live(const struct credential_source *source, const struct jwt_claims *claims, struct session *out)
{
	struct session_key key = session_key_of_ids(claims->session_id, claims->user_id);

	if (session_cache_find(source->cache, &key, source->now_ms, out))
		return ERR_OK;
	TRY(session_find_live(source->db, claims->session_id, claims->user_id, source->now_ms, out));
	session_cache_keep(source->cache, &key, out);
	return ERR_OK;
}

/* The session of an access token has to be live still: revoking it ends its tokens before they expire. */
static enum err from_access_token(const struct credential_source *source, const struct jwt_keys *keys, struct str token,
				  struct session *out)
{
	struct jwt_claims claims;

	TRY(jwt_verify(keys, token.p, token.n, source->now_ms / 1000, &claims));
	return find_live(source, &claims, out);
}

/* Each header stands for some kinds of session only: a cookie's secret is no token, and a refresh token is neither. */
static enum err from_secret(const struct credential_source *source, struct str secret, bool is_cookie,
			    struct session *out)
{
	TRY(find_by_digest(source, secret, out));
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
enum err credential_from_authorization(const struct credential_source *source, const struct jwt_keys *keys,
				       struct str authorization, struct session *out)
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
		return conclude(from_access_token(source, keys, token, out), out);
	return conclude(from_secret(source, token, false, out), out);
}

enum err credential_from_cookie(const struct credential_source *source, bool is_https, struct str cookie,
				struct session *out)
{
	struct str secret;

	memset(out, 0, sizeof(*out));
	if (!cookie_find(cookie, credential_cookie_name(is_https), &secret) || secret.n == 0)
		return ERR_OK;
	return conclude(from_secret(source, secret, true, out), out);
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
