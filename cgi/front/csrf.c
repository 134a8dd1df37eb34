/* Cross-site request forgery: see csrf.h. Called by the pipeline for every POST to a page, and by pages for their
 * forms.
 *
 * A token is base64url(mask | mask xor mac): random bytes that change in each reply, and with them what a compressor
 * sees. */
#include "front/csrf.h"

#include "base/id.h"
#include "crypto/mac.h"
#include "front/reply.h"
#include "http/cookie.h"

#include <stdio.h>
#include <string.h>

enum { TOKEN_BYTES = 2 * MAC_BYTES, VISITOR_MAX = SECRET_TEXT_SIZE - 1, SUBJECT_SIZE = 16 + SECRET_TEXT_SIZE };

_Static_assert(CSRF_TOKEN_SIZE >= (TOKEN_BYTES * 4 + 2) / 3 + 1, "a token fits");
_Static_assert((int)MAC_BYTES == (int)SECRET_BYTES, "a mask is a random secret");

void csrf_seal(const struct secret *key, const char *subject, char out[CSRF_TOKEN_SIZE])
{
	unsigned char token[TOKEN_BYTES], mac[MAC_BYTES];
	struct secret mask;

	secret_random(&mask);
	mac_sign(key, subject, strlen(subject), mac);
	memcpy(token, mask.bytes, MAC_BYTES);
	for (size_t i = 0; i < MAC_BYTES; i++)
		token[MAC_BYTES + i] = mask.bytes[i] ^ mac[i];
	base64url_encode(token, sizeof(token), out);
	secret_wipe(mac, sizeof(mac));
}

bool csrf_is_sealed(const struct secret *key, const char *subject, const char *token)
{
	unsigned char bytes[3 * CSRF_TOKEN_SIZE / 4 + 1], mac[MAC_BYTES];
	size_t n = 0, text_n = strlen(token);
	bool is_equal;

	if (text_n >= CSRF_TOKEN_SIZE || !base64url_decode(token, text_n, bytes, &n) || n != TOKEN_BYTES)
		return false;
	mac_sign(key, subject, strlen(subject), mac);
	for (size_t i = 0; i < MAC_BYTES; i++)
		bytes[MAC_BYTES + i] ^= bytes[i];
	is_equal = secret_equal(bytes + MAC_BYTES, mac, MAC_BYTES);
	secret_wipe(mac, sizeof(mac));
	return is_equal;
}

static const char *visitor_cookie_name(const struct app *app)
{
	return app->is_https ? "__Host-snug_visitor" : "snug_visitor";
}

/* What the token is bound to: the session, or the visitor's cookie. False when there is neither. */
static bool subject_of(const struct request *request, char out[SUBJECT_SIZE])
{
	struct str visitor;

	if (request->session.id != 0) {
		snprintf(out, SUBJECT_SIZE, "session:%lld", (long long)request->session.id);
		return true;
	}
	if (!cookie_find(request_param(request, "HTTP_COOKIE"), visitor_cookie_name(request->app), &visitor))
		return false;
	if (visitor.n != VISITOR_MAX)
		return false;
	snprintf(out, SUBJECT_SIZE, "visitor:%.*s", (int)visitor.n, visitor.p);
	return true;
}

/* Gives a visitor a cookie of its own. It lives as long as the browser's window: a form is not filled in for longer. */
static void visitor_begin(struct request *request, struct response *response, char subject[SUBJECT_SIZE])
{
	char visitor[SECRET_TEXT_SIZE];

	secret_token(visitor);
	snprintf(subject, SUBJECT_SIZE, "visitor:%s", visitor);
	reply_header(response, "Set-Cookie",
		     arena_printf(request->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s",
				  visitor_cookie_name(request->app), visitor,
				  request->app->is_https ? "; Secure" : ""));
}

const char *csrf_token(struct request *request, struct response *response)
{
	char subject[SUBJECT_SIZE], token[CSRF_TOKEN_SIZE];

	if (request->csrf_token == NULL) {
		if (!subject_of(request, subject))
			visitor_begin(request, response, subject);
		csrf_seal(&request->app->secrets.csrf, subject, token);
		request->csrf_token = arena_strdup(request->arena, token);
	}
	return request->csrf_token;
}

/* Whether the host that the browser addressed is the one its form came from. Only where our own address is not the one
 * that people type: "localhost" for 127.0.0.1, the far end of a tunnel, any name of the machine for 0.0.0.0. */
static bool is_host_of(const struct origin *origin, struct str host)
{
	struct origin own;
	char text[ORIGIN_HOST_MAX + 32];

	if (host.n == 0 || host.n > ORIGIN_HOST_MAX)
		return false;
	snprintf(text, sizeof(text), "%s://%.*s", origin->is_https ? "https" : "http", (int)host.n, host.p);
	return origin_parse_header(str_from(text), &own) == ERR_OK && origin_equal(origin, &own);
}

bool csrf_origin_is_ours(const struct app *app, struct str origin_text, struct str fetch_site, struct str host)
{
	const struct origin *own = &app->public_origin;
	struct origin origin;

	if (fetch_site.n > 0 && !str_eq(fetch_site, STR("same-origin")) && !str_eq(fetch_site, STR("none")))
		return false;
	if (origin_text.p == NULL)
		return true; /* an old browser, or no browser at all: the token alone decides */
	if (origin_parse_header(origin_text, &origin) != ERR_OK)
		return false; /* "null" too: a sandbox or a redirect from elsewhere */
	if (origin_equal(&origin, own))
		return true;
	if (origin_is_loopback(own) && !origin_is_loopback(&origin))
		return false; /* a name that was made to lead to this machine (DNS rebinding) */
	return (origin_is_loopback(own) || origin_is_unspecified(own)) && is_host_of(&origin, host);
}

enum err csrf_check(const struct request *request)
{
	char subject[SUBJECT_SIZE];
	const char *token = form_find(&request->form, "csrf");

	if (!csrf_origin_is_ours(request->app, request_param(request, "HTTP_ORIGIN"),
				 request_param(request, "HTTP_SEC_FETCH_SITE"), request_param(request, "HTTP_HOST")))
		return ERR_CSRF;
	if (token == NULL || !subject_of(request, subject))
		return ERR_CSRF;
	return csrf_is_sealed(&request->app->secrets.csrf, subject, token) ? ERR_OK : ERR_CSRF;
}
