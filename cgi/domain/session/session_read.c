/* Reading sessions: what a credential stands for. The digest is looked up by index; timing tells nothing of a secret of
 * which only the hash is compared. */
#include "domain/session/session.h"

#include <string.h>

static const char *const kind_names[] = {"cookie", "refresh", "token", "bot"};

static enum session_kind kind_from_column(struct sql_stmt *stmt, int column)
{
	size_t n;
	const char *name = sql_column_borrow(stmt, column, &n);
	for (size_t i = 0; i < sizeof(kind_names) / sizeof(kind_names[0]); i++) {
		if (name != NULL && strcmp(name, kind_names[i]) == 0)
			return (enum session_kind)i;
	}
	return SESSION_REFRESH; /* which no request may use by itself */
}

enum err session_find_by_digest(struct sql *db, const unsigned char digest[DIGEST_BYTES], int64_t now_ms,
				struct session *out)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_SESSION_FIND_BY_DIGEST, SQL_ARGS(sql_blob(digest, DIGEST_BYTES), sql_int(now_ms)),
		      &stmt));
	bool found = sql_step(stmt);
	if (found) {
		*out = (struct session){
		    .id = sql_column_int(stmt, 0),
		    .user_id = sql_column_int(stmt, 1),
		    .kind = kind_from_column(stmt, 2),
		    .expires_at_ms = sql_column_int(stmt, 3),
		    .last_used_at_ms = sql_column_int(stmt, 4),
		};
	}
	TRY(sql_finish(stmt));
	return found && out->kind != SESSION_REFRESH ? ERR_OK : ERR_UNAUTHORIZED;
}

enum err session_find_live(struct sql *db, int64_t session_id, int64_t user_id, int64_t now_ms, struct session *out)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_SESSION_FIND_LIVE, SQL_ARGS(sql_id(session_id), sql_id(user_id), sql_int(now_ms)),
		      &stmt));
	bool found = sql_step(stmt);
	if (found) {
		*out = (struct session){
		    .id = session_id,
		    .user_id = user_id,
		    .kind = kind_from_column(stmt, 0),
		    .expires_at_ms = sql_column_int(stmt, 1),
		    .last_used_at_ms = sql_column_int(stmt, 2),
		};
	}
	TRY(sql_finish(stmt));
	return found ? ERR_OK : ERR_UNAUTHORIZED;
}
