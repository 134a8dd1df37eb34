/* Reading what a preview is made of. */
#include "domain/message/message.h"
#include "domain/preview/preview.h"

enum err preview_source_find(struct sql *db, struct arena *arena, int64_t message_id, struct preview_source *out)
{
	struct sql_stmt *stmt;
	*out = (struct preview_source){.content = NULL};
	TRY(sql_start(db, QUERY_PREVIEW_FIND_MESSAGE, SQL_ARGS(sql_id(message_id)), &stmt));
	if (sql_step(stmt) && (sql_column_int(stmt, 4) & MESSAGE_FLAG_SUPPRESS_EMBEDS) == 0) {
		out->content = sql_column_text(stmt, 2, arena);
		out->edited_at_ms = sql_column_int(stmt, 3);
	}
	TRY(sql_finish(stmt));
	return out->content != NULL ? ERR_OK : ERR_UNKNOWN_MESSAGE;
}
