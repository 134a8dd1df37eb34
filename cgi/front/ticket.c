/* The ticket of a login's first step: see ticket.h. Called by the pages that log people in. */
#include "front/ticket.h"

#include "base/id.h"
#include "crypto/mac.h"
#include "domain/user/user.h"
#include "front/reply.h"
#include "http/cookie.h"

#include <stdio.h>
#include <string.h>

enum { SIGNED_SIZE = 256 };

static const char *cookie_name(const struct app *app)
{
	return app->is_https ? "__Host-snug_login" : "snug_login";
}

/* The words at the beginning keep this apart from whatever else is signed with the same key. */
void ticket_seal(const struct secret *key, int64_t user_id, int64_t until_s, const char *password_hash,
		 char out[TICKET_SIZE])
{
	unsigned char mac[MAC_BYTES];
	char text[SIGNED_SIZE], encoded[SECRET_TEXT_SIZE];
	int n = snprintf(text, sizeof(text), "login ticket %lld.%lld.%.127s", (long long)user_id, (long long)until_s,
			 password_hash);

	mac_sign(key, text, (size_t)n, mac);
	base64url_encode(mac, sizeof(mac), encoded);
	snprintf(out, TICKET_SIZE, "%lld.%lld.%s", (long long)user_id, (long long)until_s, encoded);
	secret_wipe(text, sizeof(text));
}

bool ticket_read(struct str ticket, int64_t *user_id, int64_t *until_s)
{
	struct str user, until, mac, rest;

	return ticket.n < TICKET_SIZE && str_cut(ticket, '.', &user, &rest) && str_cut(rest, '.', &until, &mac) &&
	       id_parse(user.p, user.n, user_id) && id_parse(until.p, until.n, until_s) &&
	       mac.n == SECRET_TEXT_SIZE - 1;
}

static void cookie_put(struct request *request, struct response *response, const char *value, int seconds)
{
	reply_header(response, "Set-Cookie",
		     arena_printf(request->arena, "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s",
				  cookie_name(request->app), value, seconds, request->app->is_https ? "; Secure" : ""));
}

void ticket_give(struct request *request, struct response *response, int64_t user_id, const char *password_hash)
{
	char ticket[TICKET_SIZE];

	ticket_seal(&request->app->secrets.csrf, user_id, request->now_ms / 1000 + TICKET_MAX_AGE_S, password_hash,
		    ticket);
	cookie_put(request, response, ticket, TICKET_MAX_AGE_S);
}

void ticket_take_away(struct request *request, struct response *response)
{
	cookie_put(request, response, "", 0);
}

enum err ticket_find(struct request *request, int64_t *user_id, const char **password_hash)
{
	struct user_credentials credentials;
	struct str ticket;
	struct user user;
	char expected[TICKET_SIZE];
	int64_t until_s;
	enum err e;

	if (!cookie_find(request_param(request, "HTTP_COOKIE"), cookie_name(request->app), &ticket) ||
	    !ticket_read(ticket, user_id, &until_s) || until_s < request->now_ms / 1000)
		return ERR_UNAUTHORIZED;
	e = user_find(request->db, request->arena, *user_id, &user);
	if (e == ERR_OK)
		e = user_find_credentials(request->db, request->arena, user.username, &credentials);
	if (e == ERR_UNKNOWN_USER || (e == ERR_OK && credentials.password_hash == NULL))
		return ERR_UNAUTHORIZED;
	TRY(e);
	ticket_seal(&request->app->secrets.csrf, *user_id, until_s, credentials.password_hash, expected);
	*password_hash = credentials.password_hash;
	return strlen(expected) == ticket.n && secret_equal(expected, ticket.p, ticket.n) ? ERR_OK : ERR_UNAUTHORIZED;
}
