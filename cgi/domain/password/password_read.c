/* Reading codes for a new password. The digest is looked up by index; timing tells nothing of a secret of which only
 * the hash is compared. */
#include "crypto/secret.h"
#include "domain/password/password.h"

#include "base/str.h"

#include <string.h>

void password_reset_digest(const char *typed, unsigned char digest[32])
{
	char code[PASSWORD_RESET_CODE_CHARS + 1];
	size_t n = 0;
	for (; *typed != '\0' && n < sizeof code; typed++) {
		if (*typed != ' ' && *typed != '-')
			code[n++] = str_lower(*typed);
	}
	secret_digest(code, n, digest);
	secret_wipe(code, sizeof code);
}

enum err password_reset_find(struct sql *db, const char *code, int64_t now_ms, int64_t *user_id)
{
	unsigned char digest[DIGEST_BYTES];
	password_reset_digest(code, digest);
	TRY(sql_find_int(db, QUERY_PASSWORD_RESET_FIND, SQL_ARGS(sql_blob(digest, sizeof digest), sql_int(now_ms)),
			 user_id));
	return *user_id != 0 ? ERR_OK : ERR_BAD_RESET_CODE;
}
