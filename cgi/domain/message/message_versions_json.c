#include "base/id.h"
#include "domain/message/message.h"

enum err message_versions_to_json(struct sql *db, struct jw *jw, const char *key, int64_t message_id)
{
	struct sql_stmt *stmt;
	int64_t since_ms = id_created_at_ms(message_id);
	TRY(sql_start(db, QUERY_MESSAGE_LIST_VERSIONS, SQL_ARGS(sql_id(message_id)), &stmt));
	jw_array(jw, key);
	while (sql_step(stmt)) {
		int64_t until_ms = sql_column_int(stmt, 0);
		size_t n;
		const char *content = sql_column_borrow(stmt, 1, &n);
		jw_object(jw, NULL);
		jw_text_n(jw, "content", content, n);
		jw_time(jw, "timestamp", since_ms);
		jw_time(jw, "replaced_timestamp", until_ms);
		jw_object_end(jw);
		since_ms = until_ms;
	}
	jw_array_end(jw);
	return sql_finish(stmt);
}
