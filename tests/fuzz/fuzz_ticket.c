/* What people and browsers send of who they are: login tickets, user agents, codes as they are typed. */
#include "crypto/totp.h"
#include "domain/factor/factor.h"
#include "domain/password/password.h"
#include "front/ticket.h"
#include "text/device.h"

#include "base/ensure.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n);

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n)
{
	static const struct secret key = {{7}};
	unsigned char digest[DIGEST_BYTES];
	char ticket[TICKET_SIZE];
	struct totp_secret secret = {{1}};
	int64_t user_id, until_s;
	struct arena arena;

	arena_init(&arena);
	const char *text = arena_strndup(&arena, (const char *)bytes, n);
	if (ticket_read((struct str){text, n}, &user_id, &until_s)) {
		ensure(user_id > 0 && until_s > 0);
		ticket_seal(&key, user_id, until_s, "hash", ticket);
		ensure(ticket_read(str_from(ticket), &user_id, &until_s));
	}
	ensure(strlen(device_describe(&arena, text)) > 0);
	ensure(!totp_is_code(text) || !factor_is_recovery_code(text));
	ensure(totp_step_of(&secret, text, 1700000000) == 0 || totp_is_code(text));
	password_reset_digest(text, digest);
	arena_free(&arena);
	return 0;
}
