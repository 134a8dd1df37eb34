/* The ticket between a login's two steps, as text. */
#include "front/ticket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char hash[] = "$argon2id$v=19$m=65536,t=2,p=1$c2FsdA$aGFzaA";

static void a_ticket_says_whose_it_is_and_until_when(void **state)
{
	struct secret key = {{1}};
	char ticket[TICKET_SIZE];
	int64_t user_id, until_s;

	(void)state;
	ticket_seal(&key, INT64_MAX, 9999999999, hash, ticket);
	assert_true(ticket_read(str_from(ticket), &user_id, &until_s));
	assert_true(user_id == INT64_MAX && until_s == 9999999999);
	assert_null(strpbrk(ticket, ";, \"\\"));
}

static void another_account_time_hash_or_key_makes_another_ticket(void **state)
{
	struct secret key = {{1}}, other = {{2}};
	char first[TICKET_SIZE], second[TICKET_SIZE];

	(void)state;
	ticket_seal(&key, 17, 100, hash, first);
	ticket_seal(&key, 17, 100, hash, second);
	assert_string_equal(first, second);
	ticket_seal(&other, 17, 100, hash, second);
	assert_string_not_equal(first, second);
	ticket_seal(&key, 17, 100, "$argon2id$", second);
	assert_string_not_equal(first, second);
	ticket_seal(&key, 1, 7100, hash, second); /* the numbers do not run into each other */
	assert_string_not_equal(strrchr(first, '.'), strrchr(second, '.'));
}

static void what_is_no_ticket_is_not_read(void **state)
{
	static const char *const bad[] = {"",
					  ".",
					  "..",
					  "1.2",
					  "1.2.",
					  "x.2.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
					  "1.x.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
					  "-1.2.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
					  "1.2.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
					  "1.2.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
					  "99999999999999999999.2.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
	char long_one[TICKET_SIZE + 8];
	int64_t user_id, until_s;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(ticket_read(str_from(bad[i]), &user_id, &until_s));
	memset(long_one, '1', sizeof long_one);
	assert_false(ticket_read((struct str){long_one, sizeof long_one}, &user_id, &until_s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_ticket_says_whose_it_is_and_until_when),
	    cmocka_unit_test(another_account_time_hash_or_key_makes_another_ticket),
	    cmocka_unit_test(what_is_no_ticket_is_not_read),
	};

	secret_open();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
