/* Reading the second factor. */
#include "domain/factor/factor.h"

#include "base/str.h"

#include <string.h>

enum err factor_find(struct sql *db, int64_t user_id, struct factor *out)
{
	struct sql_stmt *stmt;
	size_t n;
	*out = (struct factor){0};
	TRY(sql_start(db, QUERY_FACTOR_FIND, SQL_ARGS(sql_id(user_id)), &stmt));
	bool found = sql_step(stmt);
	if (found) {
		const void *secret = sql_column_blob(stmt, 0, &n);
		bool has_secret = secret != NULL && n == sizeof out->secret.bytes;
		out->enabled_at_ms = sql_column_int(stmt, 1);
		out->is_on = has_secret && out->enabled_at_ms != 0;
		out->is_pending = has_secret && !out->is_on;
		if (out->is_pending)
			memcpy(out->secret.bytes, secret, n);
		out->recovery_codes_left = sql_column_int(stmt, 2);
	}
	TRY(sql_finish(stmt));
	return found ? ERR_OK : ERR_UNKNOWN_USER;
}

bool factor_is_recovery_code(const char *typed)
{
	size_t digits = 0, others = 0;
	for (; *typed != '\0'; typed++) {
		if (*typed >= '0' && *typed <= '9')
			digits++;
		else if (*typed != ' ' && *typed != '-')
			others++;
	}
	return others > 0 || digits != TOTP_DIGITS;
}
