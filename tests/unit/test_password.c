/* Passwords: which may be chosen, and their hashes. */
#include "crypto/password.h"

#include "crypto/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* Of our own, so that a machine which is busy with other things is not timed. */
static int64_t processor_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int open_secrets(void **state)
{
	(void)state;
	secret_open();
	return 0;
}

static void a_password_is_acceptable_by_length_use_and_name(void **state)
{
	static const struct {
		const char *password, *username;
		const char *why; /* NULL: acceptable */
	} cases[] = {
	    {"correct horse battery staple", "ann", NULL},
	    {"xK3-pl9q", "ann", NULL},
	    {"xK3-pl9", "ann", "Must be at least 8 in length."},
	    {"", "ann", "Must be at least 8 in length."},
	    {"비밀번호는여덟", "ann", "Must be at least 8 in length."}, /* 7 code points, 21 bytes */
	    {"비밀번호는여덟자", "ann", NULL},
	    {"password", "ann", "Is one of the most used passwords."},
	    {"PassWord1", "ann", "Is one of the most used passwords."},
	    {"12345678", "ann", "Is one of the most used passwords."},
	    {"!qaz2wsx", "ann", "Is one of the most used passwords."},
	    {"zxcvbnm123", "ann", "Is one of the most used passwords."},
	    {"password-x7", "ann", NULL},
	    {"xx-ANNabel-77", "annabel", "Must not contain the user name."},
	    {"annabel-x", "annabel", "Must not contain the user name."},
	    {"xy-annabel", "annabel", "Must not contain the user name."},
	    {"xx-annabe-77", "annabel", NULL},
	    {"annabel1", "annabel-the-longer-name", NULL},
	    {"nothing to see", "no", NULL}, /* two letters are there by chance */
	    {"a fine password", NULL, NULL},
	    {"a fine password", "", NULL},
	    {"broken\xff\xffutf8", "ann", "Must be valid UTF-8."},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *why = "left alone";

		assert_int_equal(password_is_acceptable(cases[i].password, cases[i].username, &why), !cases[i].why);
		if (cases[i].why)
			assert_string_equal(why, cases[i].why);
		else
			assert_null(why);
	}
}

static void a_password_ends_at_128_code_points(void **state)
{
	char text[PASSWORD_MAX_CHARS * 4 + 8];
	const char *why;

	(void)state;
	for (size_t i = 0; i <= PASSWORD_MAX_CHARS; i++)
		memcpy(text + i * 4, "😀", 4);
	text[PASSWORD_MAX_CHARS * 4] = 0;
	assert_true(password_is_acceptable(text, "ann", &why));
	text[PASSWORD_MAX_CHARS * 4] = 'x';
	text[PASSWORD_MAX_CHARS * 4 + 1] = 0;
	assert_false(password_is_acceptable(text, "ann", &why));
}

static void megabytes_are_refused_before_they_are_hashed(void **state)
{
	enum { LENGTH = 8 * 1024 * 1024 };
	char *text = malloc(LENGTH + 1);
	char hash[PASSWORD_HASH_SIZE];
	const char *why;
	int64_t began_ms;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', LENGTH);
	text[LENGTH] = 0;
	began_ms = processor_ms();
	for (int i = 0; i < 1000; i++) {
		assert_false(password_is_acceptable(text, "ann", &why));
		assert_int_equal(password_hash(text, hash), ERR_INVALID_FORM);
		assert_false(password_matches(NULL, text));
	}
	assert_true(processor_ms() - began_ms < 2000);
	free(text);
}

/* In the order that the search needs: bytes, each once, lower case, and long enough to matter. */
static void the_list_of_common_passwords_is_sorted(void **state)
{
	static const char *const list[] = {
#include "crypto/common_passwords.inc"
	};
	const char *why;

	(void)state;
	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		if (i > 0 && strcmp(list[i - 1], list[i]) >= 0)
			fail_msg("%s is not before %s", list[i - 1], list[i]);
		for (const char *p = list[i]; *p; p++)
			assert_false(*p >= 'A' && *p <= 'Z');
		assert_in_range(strlen(list[i]), PASSWORD_MIN_CHARS, 31);
		assert_false(password_is_acceptable(list[i], NULL, &why));
	}
}

static void a_hash_matches_its_password_and_no_other(void **state)
{
	char hash[PASSWORD_HASH_SIZE];

	(void)state;
	assert_int_equal(password_hash("correct horse", hash), ERR_OK);
	assert_true(password_matches(hash, "correct horse"));
	assert_false(password_matches(hash, "correct horsf"));
	assert_false(password_matches(hash, "correct horse "));
	assert_false(password_matches(hash, ""));
}

static void a_hash_says_argon2id_with_64_mib_and_two_passes(void **state)
{
	char one[PASSWORD_HASH_SIZE], other[PASSWORD_HASH_SIZE];

	(void)state;
	assert_int_equal(password_hash("correct horse", one), ERR_OK);
	assert_int_equal(password_hash("correct horse", other), ERR_OK);
	assert_memory_equal(one, "$argon2id$v=19$m=65536,t=2,p=1$", 31);
	assert_string_not_equal(one, other); /* salted */
}

static void a_broken_hash_matches_nothing(void **state)
{
	static const char *const hashes[] = {"", "plain", "$argon2id$", "$argon2id$v=19$m=65536,t=2,p=1$AAAA$AAAA"};

	(void)state;
	for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++) {
		assert_false(password_matches(hashes[i], hashes[i]));
		assert_false(password_matches(hashes[i], ""));
	}
}

static int64_t matching_ms(const char *stored)
{
	int64_t began_ms = processor_ms();

	for (int i = 0; i < 3; i++)
		assert_false(password_matches(stored, "wrong password"));
	return processor_ms() - began_ms;
}

/* The bounds are wide, since memory is shared with whatever else runs: without the dummy hash the first is 0. */
static void an_unknown_user_costs_as_much_as_a_wrong_password(void **state)
{
	char hash[PASSWORD_HASH_SIZE];
	int64_t unknown_ms, wrong_ms;

	(void)state;
	assert_int_equal(password_hash("correct horse", hash), ERR_OK);
	unknown_ms = matching_ms(NULL);
	wrong_ms = matching_ms(hash);
	assert_true(unknown_ms * 4 > wrong_ms);
	assert_true(wrong_ms * 4 > unknown_ms);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_password_is_acceptable_by_length_use_and_name),
	    cmocka_unit_test(a_password_ends_at_128_code_points),
	    cmocka_unit_test(megabytes_are_refused_before_they_are_hashed),
	    cmocka_unit_test(the_list_of_common_passwords_is_sorted),
	    cmocka_unit_test(a_hash_matches_its_password_and_no_other),
	    cmocka_unit_test(a_hash_says_argon2id_with_64_mib_and_two_passes),
	    cmocka_unit_test(a_broken_hash_matches_nothing),
	    cmocka_unit_test(an_unknown_user_costs_as_much_as_a_wrong_password),
	};

	return cmocka_run_group_tests(tests, open_secrets, NULL);
}
