/* A token is base64url(header) "." base64url(claims) "." base64url(HMAC-SHA-256 over all before the last dot). Nothing
 * in the token chooses how it is checked: the header must say what jwt_sign writes, and kid only picks one of our own
 * keys. */
#include "http/jwt.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/ensure.h"
#include "base/str.h"
#include "crypto/mac.h"
#include "json/jw.h"
#include "json/view.h"

#include <string.h>

enum { JTI_BYTES = 16 };

static const char algorithm[] = "HS256";
static const char type[] = "at+jwt"; /* RFC 9068 section 2.1 */
static const char issuer[] = "snug";
static const char audience[] = "snug-api";

/* The three parts of a token, still encoded. */
struct parts {
	struct str header, claims, mac;
	struct str is_signed; /* header "." claims */
};

static void mac_of(const struct secret *secret, struct str text, unsigned char out[MAC_BYTES])
{
	mac_sign(secret, text.p, text.n, out);
}

static void put_encoded(struct buf *out, const void *bytes, size_t n)
{
	buf_reserve(out, n / 3 * 4 + 4);
	out->n += base64url_encode(bytes, n, out->p + out->n);
}

static void write_header(struct buf *out, const char *kid)
{
	struct jw jw;

	jw_init(&jw, out);
	jw_object(&jw, NULL);
	jw_text(&jw, "alg", algorithm);
	jw_text(&jw, "typ", type);
	jw_text(&jw, "kid", kid);
	jw_object_end(&jw);
}

static void write_claims(struct buf *out, const struct jwt_claims *claims)
{
	struct jw jw;

	jw_init(&jw, out);
	jw_object(&jw, NULL);
	jw_text(&jw, "iss", issuer);
	jw_text(&jw, "aud", audience);
	jw_id(&jw, "sub", claims->user_id);
	jw_id(&jw, "sid", claims->session_id);
	jw_int(&jw, "iat", claims->issued_at_s);
	jw_int(&jw, "exp", claims->expires_at_s);
	jw_text(&jw, "jti", claims->jti);
	jw_object_end(&jw);
}

static void fill_in_jti(struct jwt_claims *claims)
{
	struct secret random;

	_Static_assert(sizeof claims->jti >= (JTI_BYTES * 4 + 2) / 3 + 1, "jti holds its text");
	secret_random(&random);
	base64url_encode(random.bytes, JTI_BYTES, claims->jti);
}

void jwt_sign(const struct jwt_keys *keys, struct jwt_claims *claims, char out[JWT_TEXT_MAX])
{
	const struct jwt_key *key = &keys->keys[0];
	unsigned char mac[MAC_BYTES];
	struct buf json, token;

	ensure(key->kid[0] != 0);
	if (!claims->jti[0])
		fill_in_jti(claims);
	buf_init(&json);
	buf_init(&token);
	buf_reserve(&token, JWT_TEXT_MAX); /* never moved, so that no copy of a valid token stays behind */
	write_header(&json, key->kid);
	put_encoded(&token, json.p, json.n);
	buf_putc(&token, '.');
	buf_clear(&json);
	write_claims(&json, claims);
	put_encoded(&token, json.p, json.n);
	mac_of(&key->secret, (struct str){token.p, token.n}, mac);
	buf_putc(&token, '.');
	put_encoded(&token, mac, sizeof mac);
	ensure(token.n < JWT_TEXT_MAX);
	memcpy(out, token.p, token.n + 1);
	secret_wipe(token.p, token.n);
	buf_free(&json);
	buf_free(&token);
}

static bool parts_split(struct str token, struct parts *out)
{
	struct str rest;

	if (!str_cut(token, '.', &out->header, &rest) || !str_cut(rest, '.', &out->claims, &out->mac))
		return false;
	out->is_signed = (struct str){token.p, out->header.n + 1 + out->claims.n};
	return true; /* a further dot would be in mac, where it is no base64url */
}

/* NULL when the part is not base64url of a JSON object. */
static const struct view *object_decode(struct arena *arena, struct str part)
{
	unsigned char *bytes = arena_alloc(arena, JWT_TEXT_MAX);
	struct view *object;
	size_t n;

	if (!base64url_decode(part.p, part.n, bytes, &n) ||
	    view_parse_peer(arena, (const char *)bytes, n, &object) != ERR_OK)
		return NULL;
	return view_is_object(object) ? object : NULL;
}

static bool member_is(const struct view *object, const char *key, const char *expected)
{
	return str_eq_text(view_text(object, key), expected);
}

static const struct jwt_key *key_find(const struct jwt_keys *keys, struct str kid)
{
	for (size_t i = 0; i < JWT_KEYS_MAX && kid.n > 0; i++) {
		if (str_eq_text(kid, keys->keys[i].kid))
			return &keys->keys[i];
	}
	return NULL;
}

/* The key that the header names, NULL when the header is not one of ours. RFC 7515 section 4.1.11: a crit that is not
 * understood makes the token invalid, and none is. */
static const struct jwt_key *header_check(const struct jwt_keys *keys, const struct view *header)
{
	if (!member_is(header, "alg", algorithm) || !member_is(header, "typ", type) || view_find(header, "crit"))
		return NULL;
	return key_find(keys, view_text(header, "kid"));
}

static bool mac_matches(const struct secret *secret, const struct parts *parts)
{
	unsigned char expected[MAC_BYTES], given[JWT_TEXT_MAX];
	size_t n;

	if (!base64url_decode(parts->mac.p, parts->mac.n, given, &n) || n != MAC_BYTES)
		return false;
	mac_of(secret, parts->is_signed, expected);
	return secret_equal(expected, given, MAC_BYTES);
}

static enum err claims_check(const struct view *object, int64_t now_s, struct jwt_claims *out)
{
	struct str jti = view_text(object, "jti");

	if (!member_is(object, "iss", issuer) || !member_is(object, "aud", audience) ||
	    !view_to_int(view_find(object, "exp"), &out->expires_at_s))
		return ERR_UNAUTHORIZED;
	out->user_id = view_id(object, "sub");
	out->session_id = view_id(object, "sid");
	out->issued_at_s = view_int(object, "iat");
	if (out->user_id == 0 || out->session_id == 0 || now_s >= out->expires_at_s || jti.n == 0 ||
	    jti.n >= sizeof out->jti)
		return ERR_UNAUTHORIZED;
	memcpy(out->jti, jti.p, jti.n);
	out->jti[jti.n] = 0;
	return ERR_OK;
}

static enum err verify(struct arena *arena, const struct jwt_keys *keys, struct str token, int64_t now_s,
		       struct jwt_claims *out)
{
	const struct jwt_key *key;
	const struct view *object;
	struct parts parts;

	if (token.n >= JWT_TEXT_MAX || !parts_split(token, &parts))
		return ERR_UNAUTHORIZED;
	object = object_decode(arena, parts.header);
	key = object ? header_check(keys, object) : NULL;
	if (!key || !mac_matches(&key->secret, &parts))
		return ERR_UNAUTHORIZED;
	object = object_decode(arena, parts.claims);
	return object ? claims_check(object, now_s, out) : ERR_UNAUTHORIZED;
}

enum err jwt_verify(const struct jwt_keys *keys, const char *token, size_t n, int64_t now_s, struct jwt_claims *out)
{
	struct arena arena;
	enum err e;

	*out = (struct jwt_claims){0};
	arena_init(&arena);
	e = verify(&arena, keys, (struct str){token, n}, now_s, out);
	arena_free(&arena);
	if (e != ERR_OK)
		*out = (struct jwt_claims){0};
	return e;
}
