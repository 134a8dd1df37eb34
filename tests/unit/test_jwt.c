/* Access tokens: what was signed is taken, and nothing that differs in any way. */
#include "http/jwt.h"

#include "crypto/mac.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NOW_S INT64_C(1767323045)

static struct jwt_keys keys;
static char token[JWT_TEXT_MAX];

static struct jwt_claims usual_claims(void)
{
	return (struct jwt_claims){.user_id = INT64_C(175928847299117063),
				   .session_id = 42,
				   .issued_at_s = NOW_S,
				   .expires_at_s = NOW_S + 900};
}

static int open_keys(void **state)
{
	struct jwt_claims claims = usual_claims();

	(void)state;
	secret_open();
	for (size_t i = 0; i < JWT_KEYS_MAX; i++) {
		secret_random(&keys.keys[i].secret);
		snprintf(keys.keys[i].kid, sizeof keys.keys[i].kid, "key%zu", i);
	}
	jwt_sign(&keys, &claims, token);
	return 0;
}

static enum err verify(const char *text)
{
	struct jwt_claims out;

	return jwt_verify(&keys, text, strlen(text), NOW_S, &out);
}

/* A token of any header and claims, signed with the first key: what an attacker who had it, or a bug of ours, could
 * make. */
static const char *made(const char *header, const char *claims)
{
	static char text[4096];
	unsigned char mac[MAC_BYTES];
	size_t n = base64url_encode(header, strlen(header), text);

	text[n++] = '.';
	n += base64url_encode(claims, strlen(claims), text + n);
	mac_sign(&keys.keys[0].secret, text, n, mac);
	text[n++] = '.';
	base64url_encode(mac, sizeof mac, text + n);
	return text;
}

#define HEADER "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"key0\"}"
#define CLAIMS                                                                                                         \
	"{\"iss\":\"snug\",\"aud\":\"snug-api\",\"sub\":\"1\",\"sid\":\"2\",\"iat\":1,\"exp\":9999999999,\"jti\":"     \
	"\"x\"}"

static void what_was_signed_is_read_back(void **state)
{
	struct jwt_claims claims = usual_claims(), out;
	char text[JWT_TEXT_MAX];

	(void)state;
	jwt_sign(&keys, &claims, text);
	assert_int_equal(strlen(claims.jti), 22);
	assert_int_equal(jwt_verify(&keys, text, strlen(text), NOW_S, &out), ERR_OK);
	assert_int_equal(out.user_id, claims.user_id);
	assert_int_equal(out.session_id, claims.session_id);
	assert_int_equal(out.issued_at_s, claims.issued_at_s);
	assert_int_equal(out.expires_at_s, claims.expires_at_s);
	assert_string_equal(out.jti, claims.jti);
}

static void a_given_jti_is_kept_and_a_missing_one_is_fresh(void **state)
{
	struct jwt_claims one = usual_claims(), other = usual_claims(), given = usual_claims();
	char text[JWT_TEXT_MAX];

	(void)state;
	jwt_sign(&keys, &one, text);
	jwt_sign(&keys, &other, text);
	assert_string_not_equal(one.jti, other.jti);
	memcpy(given.jti, "mine", 5);
	jwt_sign(&keys, &given, text);
	assert_string_equal(given.jti, "mine");
}

/* The largest claims there can be still fit. */
static void the_longest_token_fits(void **state)
{
	struct jwt_claims claims = {INT64_MAX, INT64_MAX, INT64_MAX - 1, INT64_MAX, "01234567890123456789012"};
	struct jwt_claims out;
	char text[JWT_TEXT_MAX];

	(void)state;
	jwt_sign(&keys, &claims, text);
	assert_int_equal(jwt_verify(&keys, text, strlen(text), NOW_S, &out), ERR_OK);
	assert_string_equal(out.jti, claims.jti);
}

static void a_token_expires_at_its_second(void **state)
{
	struct jwt_claims out;
	size_t n = strlen(token);

	(void)state;
	assert_int_equal(jwt_verify(&keys, token, n, NOW_S + 899, &out), ERR_OK);
	assert_int_equal(jwt_verify(&keys, token, n, NOW_S + 900, &out), ERR_UNAUTHORIZED);
	assert_int_equal(jwt_verify(&keys, token, n, INT64_MAX, &out), ERR_UNAUTHORIZED);
	assert_int_equal(out.user_id, 0); /* nothing of a refused token comes out */
}

static void every_changed_character_is_noticed(void **state)
{
	char text[JWT_TEXT_MAX];
	size_t n = strlen(token);

	(void)state;
	assert_int_equal(verify(token), ERR_OK);
	for (size_t i = 0; i < n; i++) {
		static const char others[] = "AB.-_9=";

		for (size_t k = 0; others[k]; k++) {
			memcpy(text, token, n + 1);
			if (text[i] == others[k])
				continue;
			text[i] = others[k];
			if (verify(text) != ERR_UNAUTHORIZED)
				fail_msg("%zu of %zu: %s", i, n, text);
		}
	}
}

static void every_cut_and_every_addition_is_noticed(void **state)
{
	struct jwt_claims out;
	char text[JWT_TEXT_MAX + 8];
	size_t n = strlen(token);

	(void)state;
	for (size_t cut = 0; cut < n; cut++)
		assert_int_equal(jwt_verify(&keys, token, cut, NOW_S, &out), ERR_UNAUTHORIZED);
	for (size_t cut = 1; cut < n; cut++)
		assert_int_equal(jwt_verify(&keys, token + cut, n - cut, NOW_S, &out), ERR_UNAUTHORIZED);
	memcpy(text, token, n);
	for (const char *more = "A.= \n"; *more; more++) {
		text[n] = *more;
		assert_int_equal(jwt_verify(&keys, text, n + 1, NOW_S, &out), ERR_UNAUTHORIZED);
	}
	text[n] = 0;
	assert_int_equal(jwt_verify(&keys, text, n + 1, NOW_S, &out), ERR_UNAUTHORIZED);
}

static void a_signature_of_all_known_forms_of_nothing_is_refused(void **state)
{
	static const char *const texts[] = {"", ".", "..", "...", "a.b", "a.b.c", "eyJhbGciOiJub25lIn0.e30."};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_int_equal(verify(texts[i]), ERR_UNAUTHORIZED);
}

static void the_header_must_be_ours(void **state)
{
	static const struct {
		const char *header;
		enum err expected;
	} cases[] = {
	    {HEADER, ERR_OK},
	    {"{\"kid\":\"key0\",\"x\":1,\"typ\":\"at+jwt\",\"alg\":\"HS256\"}", ERR_OK},
	    {"{\"alg\":\"none\",\"typ\":\"at+jwt\",\"kid\":\"key0\"}", ERR_UNAUTHORIZED},
	    {"{\"alg\":\"hs256\",\"typ\":\"at+jwt\",\"kid\":\"key0\"}", ERR_UNAUTHORIZED},
	    {"{\"alg\":\"HS512\",\"typ\":\"at+jwt\",\"kid\":\"key0\"}", ERR_UNAUTHORIZED},
	    {"{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"key0\"}", ERR_UNAUTHORIZED},
	    {"{\"alg\":[\"HS256\"],\"typ\":\"at+jwt\",\"kid\":\"key0\"}", ERR_UNAUTHORIZED},
	    {"{\"typ\":\"at+jwt\",\"kid\":\"key0\"}", ERR_UNAUTHORIZED},
	    {"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"key0\"}", ERR_UNAUTHORIZED},
	    {"{\"alg\":\"HS256\",\"kid\":\"key0\"}", ERR_UNAUTHORIZED},
	    {"{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}", ERR_UNAUTHORIZED},
	    {"{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"\"}", ERR_UNAUTHORIZED},
	    {"{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"key1\"}", ERR_UNAUTHORIZED}, /* not the key that signed */
	    {"{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"key2\"}", ERR_UNAUTHORIZED},
	    {"{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":null}", ERR_UNAUTHORIZED},
	    {"{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"key0\",\"crit\":[\"exp\"]}", ERR_UNAUTHORIZED},
	    {"{\"alg\":\"HS256\",\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"key0\"}", ERR_UNAUTHORIZED},
	    {"\"HS256\"", ERR_UNAUTHORIZED},
	    {"", ERR_UNAUTHORIZED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (verify(made(cases[i].header, CLAIMS)) != cases[i].expected)
			fail_msg("%s", cases[i].header);
	}
}

static void the_claims_must_be_whole_and_for_us(void **state)
{
	static const struct {
		const char *claims;
		enum err expected;
	} cases[] = {
	    {CLAIMS, ERR_OK},
	    {"{\"iss\":\"snag\",\"aud\":\"snug-api\",\"sub\":\"1\",\"sid\":\"2\",\"exp\":9999999999,\"jti\":\"x\"}",
	     ERR_UNAUTHORIZED},
	    {"{\"aud\":\"snug-api\",\"sub\":\"1\",\"sid\":\"2\",\"exp\":9999999999,\"jti\":\"x\"}", ERR_UNAUTHORIZED},
	    {"{\"iss\":\"snug\",\"aud\":\"snug\",\"sub\":\"1\",\"sid\":\"2\",\"exp\":9999999999,\"jti\":\"x\"}",
	     ERR_UNAUTHORIZED},
	    {"{\"iss\":\"snug\",\"aud\":[\"snug-api\"],\"sub\":\"1\",\"sid\":\"2\",\"exp\":9999999999,\"jti\":\"x\"}",
	     ERR_UNAUTHORIZED},
	    {"{\"iss\":\"snug\",\"aud\":\"snug-api\",\"sid\":\"2\",\"exp\":9999999999,\"jti\":\"x\"}",
	     ERR_UNAUTHORIZED},
	    {"{\"iss\":\"snug\",\"aud\":\"snug-api\",\"sub\":\"0\",\"sid\":\"2\",\"exp\":9999999999,\"jti\":\"x\"}",
	     ERR_UNAUTHORIZED},
	    {"{\"iss\":\"snug\",\"aud\":\"snug-api\",\"sub\":\"ann\",\"sid\":\"2\",\"exp\":9999999999,\"jti\":\"x\"}",
	     ERR_UNAUTHORIZED},
	    {"{\"iss\":\"snug\",\"aud\":\"snug-api\",\"sub\":\"1\",\"exp\":9999999999,\"jti\":\"x\"}",
	     ERR_UNAUTHORIZED},
	    {"{\"iss\":\"snug\",\"aud\":\"snug-api\",\"sub\":\"1\",\"sid\":\"2\",\"jti\":\"x\"}", ERR_UNAUTHORIZED},
	    {"{\"iss\":\"snug\",\"aud\":\"snug-api\",\"sub\":\"1\",\"sid\":\"2\",\"exp\":\"9999999999\",\"jti\":\"x\"}",
	     ERR_UNAUTHORIZED},
	    {"{\"iss\":\"snug\",\"aud\":\"snug-api\",\"sub\":\"1\",\"sid\":\"2\",\"exp\":1e12,\"jti\":\"x\"}",
	     ERR_UNAUTHORIZED},
	    {"{\"iss\":\"snug\",\"aud\":\"snug-api\",\"sub\":\"1\",\"sid\":\"2\",\"exp\":-1,\"jti\":\"x\"}",
	     ERR_UNAUTHORIZED},
	    {"{\"iss\":\"snug\",\"aud\":\"snug-api\",\"sub\":\"1\",\"sid\":\"2\",\"exp\":9999999999}",
	     ERR_UNAUTHORIZED},
	    {"{\"iss\":\"snug\",\"aud\":\"snug-api\",\"sub\":\"1\",\"sid\":\"2\",\"exp\":9999999999,"
	     "\"jti\":\"012345678901234567890123\"}",
	     ERR_UNAUTHORIZED},
	    {"[]", ERR_UNAUTHORIZED},
	    {"", ERR_UNAUTHORIZED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (verify(made(HEADER, cases[i].claims)) != cases[i].expected)
			fail_msg("%s", cases[i].claims);
	}
}

static void all_keys_verify_and_the_first_signs(void **state)
{
	struct jwt_keys rotated = {.keys = {keys.keys[1], keys.keys[0]}};
	struct jwt_keys without_old = {.keys = {keys.keys[1]}};
	struct jwt_keys same_name = keys;
	struct jwt_claims claims = usual_claims(), out;
	char text[JWT_TEXT_MAX];

	(void)state;
	assert_int_equal(jwt_verify(&rotated, token, strlen(token), NOW_S, &out), ERR_OK);
	assert_int_equal(jwt_verify(&without_old, token, strlen(token), NOW_S, &out), ERR_UNAUTHORIZED);
	jwt_sign(&rotated, &claims, text);
	assert_int_equal(jwt_verify(&without_old, text, strlen(text), NOW_S, &out), ERR_OK);
	secret_random(&same_name.keys[0].secret);
	assert_int_equal(jwt_verify(&same_name, token, strlen(token), NOW_S, &out), ERR_UNAUTHORIZED);
}

/* A token of another maker with the same key (RFC 7515, appendix A.1 has no kid and no at+jwt). */
static void the_example_of_the_rfc_is_not_for_us(void **state)
{
	(void)state;
	assert_int_equal(
	    verify("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
		   "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0"
		   "cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
	    ERR_UNAUTHORIZED);
}

static void a_text_beyond_the_limit_is_refused(void **state)
{
	char text[JWT_TEXT_MAX * 4];
	struct jwt_claims out;

	(void)state;
	memset(text, 'A', sizeof text);
	assert_int_equal(jwt_verify(&keys, text, sizeof text, NOW_S, &out), ERR_UNAUTHORIZED);
	assert_int_equal(jwt_verify(&keys, text, JWT_TEXT_MAX, NOW_S, &out), ERR_UNAUTHORIZED);
	assert_int_equal(jwt_verify(&keys, NULL, 0, NOW_S, &out), ERR_UNAUTHORIZED);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_was_signed_is_read_back),
	    cmocka_unit_test(a_given_jti_is_kept_and_a_missing_one_is_fresh),
	    cmocka_unit_test(the_longest_token_fits),
	    cmocka_unit_test(a_token_expires_at_its_second),
	    cmocka_unit_test(every_changed_character_is_noticed),
	    cmocka_unit_test(every_cut_and_every_addition_is_noticed),
	    cmocka_unit_test(a_signature_of_all_known_forms_of_nothing_is_refused),
	    cmocka_unit_test(the_header_must_be_ours),
	    cmocka_unit_test(the_claims_must_be_whole_and_for_us),
	    cmocka_unit_test(all_keys_verify_and_the_first_signs),
	    cmocka_unit_test(the_example_of_the_rfc_is_not_for_us),
	    cmocka_unit_test(a_text_beyond_the_limit_is_refused),
	};

	return cmocka_run_group_tests(tests, open_keys, NULL);
}
