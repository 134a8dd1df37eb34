/* The JSON views of reactions, and who reacted. */
#include "domain/emoji/emoji.h"
#include "domain/reaction/reaction.h"
#include "domain/row_json.h"

static void kind_to_json(struct jw *jw, struct sql_stmt *stmt)
{
	struct emoji_view emoji = {
	    .id = sql_column_int(stmt, 0),
	    .is_animated = sql_column_int(stmt, 3) != 0,
	    .is_deleted = sql_column_int(stmt, 4) != 0,
	};
	int64_t count = sql_column_int(stmt, 2);
	emoji.name = sql_column_borrow(stmt, 1, &emoji.name_n);
	jw_object(jw, NULL);
	emoji_view_to_json(jw, "emoji", &emoji);
	jw_int(jw, "count", count);
	jw_object(jw, "count_details");
	jw_int(jw, "burst", 0);
	jw_int(jw, "normal", count);
	jw_object_end(jw);
	jw_flag(jw, "me", sql_column_int(stmt, 5) != 0);
	jw_flag(jw, "me_burst", false);
	jw_array(jw, "burst_colors");
	jw_array_end(jw);
	jw_object_end(jw);
}

enum err reaction_of_message_to_json(struct sql *db, struct jw *jw, int64_t message_id, int64_t viewer_id)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_REACTION_LIST_KINDS, SQL_ARGS(sql_id(message_id), sql_int(viewer_id)), &stmt));
	jw_array(jw, "reactions");
	while (sql_step(stmt))
		kind_to_json(jw, stmt);
	jw_array_end(jw);
	return sql_finish(stmt);
}

enum err reaction_users_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t message_id,
				const struct reaction_page *page)
{
	struct emoji_ref emoji;
	int64_t position;
	TRY(emoji_ref_parse(arena, page->emoji, &emoji));
	TRY(sql_find_int(db, QUERY_REACTION_FIND_KIND,
			 SQL_ARGS(sql_id(message_id), sql_int(emoji.id), sql_text(emoji.name)), &position));
	return row_users_to_json(
	    db, jw, key, QUERY_REACTION_LIST_USERS,
	    SQL_ARGS(sql_id(message_id), sql_int(position), sql_int(page->after), sql_int(page->limit)));
}
