/* Access tokens. The first byte says how the rest is used: as a token, as a change to a good token, or as the header
 * and the claims (with a newline between them) of a token that is signed with the right key. Only what we could have
 * signed ourselves is ever accepted. */
#include "base/ensure.h"
#include "base/str.h"
#include "crypto/mac.h"
#include "http/jwt.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW_S INT64_C(1767323045)

enum use { AS_TOKEN, AS_CHANGE, AS_CONTENT, USES };

static const struct jwt_keys keys = {
    .keys = {{.kid = "key-one", .secret = {{1, 2, 3}}}, {.kid = "key-two", .secret = {{4, 5, 6}}}}};

static void good_token(char out[JWT_TEXT_MAX])
{
	struct jwt_claims claims = {.user_id = 1,
				    .session_id = 2,
				    .issued_at_s = NOW_S,
				    .expires_at_s = NOW_S + 900,
				    .jti = "the-same-each-time"};

	jwt_sign(&keys, &claims, out);
}

/* Nobody without the key can say anything but what we said. */
static void check_token(struct str token)
{
	struct jwt_claims claims;
	char good[JWT_TEXT_MAX];

	good_token(good);
	if (jwt_verify(&keys, token.p, token.n, NOW_S, &claims) == ERR_OK)
		ensure(str_eq_text(token, good));
	else
		ensure(claims.user_id == 0 && claims.session_id == 0 && claims.jti[0] == 0);
}

/* Pairs of bytes: where, and what. */
static void check_change(struct str changes)
{
	char token[JWT_TEXT_MAX];
	size_t n;

	good_token(token);
	n = strlen(token);
	for (size_t i = 0; i + 1 < changes.n; i += 2)
		token[(unsigned char)changes.p[i] % n] = changes.p[i + 1];
	check_token((struct str){token, n});
}

static size_t put_encoded(char *out, struct str text)
{
	return base64url_encode(text.p, text.n, out);
}

static void check_content(struct str content)
{
	char *token = ensure_malloc(content.n * 2 + 128), again[JWT_TEXT_MAX];
	struct jwt_claims claims, claims_again;
	unsigned char mac[MAC_BYTES];
	struct str header, rest;
	size_t n;

	str_cut(content, '\n', &header, &rest);
	n = put_encoded(token, header);
	token[n++] = '.';
	n += put_encoded(token + n, rest);
	mac_sign(&keys.keys[0].secret, token, n, mac);
	token[n++] = '.';
	n += put_encoded(token + n, (struct str){(const char *)mac, sizeof mac});
	if (jwt_verify(&keys, token, n, NOW_S, &claims) == ERR_OK) {
		ensure(claims.user_id > 0 && claims.session_id > 0 && claims.expires_at_s > NOW_S);
		if (claims.jti[0]) {
			jwt_sign(&keys, &claims, again);
			ensure(jwt_verify(&keys, again, strlen(again), NOW_S, &claims_again) == ERR_OK);
			ensure(claims_again.user_id == claims.user_id && claims_again.session_id == claims.session_id);
			ensure(strcmp(claims_again.jti, claims.jti) == 0);
		}
	}
	free(token);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest;

	secret_open();
	if (size == 0)
		return 0;
	rest = (struct str){(const char *)data + 1, size - 1};
	switch (data[0] % USES) {
	case AS_TOKEN:
		check_token(rest);
		break;
	case AS_CHANGE:
		check_change(rest);
		break;
	default:
		check_content(rest);
	}
	return 0;
}
