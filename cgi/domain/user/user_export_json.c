/* Exporting an account: see user_export.h. */
#include "base/id.h"
#include "domain/block/block.h"
#include "domain/draft/draft.h"
#include "domain/message/message.h"
#include "domain/row_json.h"
#include "domain/scheduled/scheduled.h"
#include "domain/user/user_export.h"

/* How much of a part is taken already, and up to which message. */
struct fill {
	int64_t messages, bytes, last_id;
};

/* Whether the part has room for so much more at that message. The first always fits, and so does what stands at the
 * same message as the one before: a part ends between two. */
static bool fill_take(struct fill *fill, int64_t message_id, int64_t messages, int64_t bytes)
{
	bool is_full =
	    fill->messages + messages > USER_EXPORT_MESSAGES_MAX || fill->bytes + bytes > USER_EXPORT_BYTES_MAX;
	if (is_full && fill->last_id != 0 && fill->last_id != message_id)
		return false;
	fill->messages += messages;
	fill->bytes += bytes;
	fill->last_id = message_id;
	return true;
}

static bool fill_take_row(struct fill *fill, struct sql_stmt *stmt)
{
	return fill_take(fill, sql_column_int(stmt, 0), sql_column_int(stmt, 1), sql_column_int(stmt, 2));
}

enum err user_export_list(struct sql *db, int64_t user_id, struct user_export_part *list, int *count)
{
	struct sql_stmt *stmt;
	struct fill fill = {0};
	*count = 1;
	list[0] = (struct user_export_part){0};
	TRY(sql_start(db, QUERY_EXPORT_SIZES, SQL_ARGS(sql_id(user_id), sql_int(0)), &stmt));
	while (sql_step(stmt)) {
		if (!fill_take_row(&fill, stmt)) {
			if (*count == USER_EXPORT_PARTS_MAX)
				break;
			list[(*count)++] = (struct user_export_part){.after = fill.last_id};
			fill = (struct fill){0};
			(void)fill_take_row(&fill, stmt);
		}
		list[*count - 1].count = fill.messages;
	}
	return sql_finish(stmt);
}

/* Up to which message the part goes that begins after one; *is_last when there are none behind. */
static enum err find_end(struct sql *db, int64_t user_id, int64_t after, int64_t *end, bool *is_last)
{
	struct sql_stmt *stmt;
	struct fill fill = {0};
	*is_last = true;
	TRY(sql_start(db, QUERY_EXPORT_SIZES, SQL_ARGS(sql_id(user_id), sql_int(after)), &stmt));
	while (*is_last && sql_step(stmt))
		*is_last = fill_take_row(&fill, stmt);
	*end = fill.last_id;
	return sql_finish(stmt);
}

static void guild_row(struct jw *jw, struct sql_stmt *stmt)
{
	jw_id(jw, "id", sql_column_int(stmt, 0));
	row_text_to_json(jw, "name", stmt, 1);
	row_text_to_json(jw, "nick", stmt, 2);
	jw_time(jw, "joined_at", sql_column_int(stmt, 3));
	jw_flag(jw, "owner", sql_column_int(stmt, 4) != 0);
}

static void channel_row(struct jw *jw, struct sql_stmt *stmt)
{
	jw_id(jw, "id", sql_column_int(stmt, 0));
	jw_id(jw, "guild_id", sql_column_int(stmt, 1));
	jw_int(jw, "type", sql_column_int(stmt, 2));
	row_text_to_json(jw, "name", stmt, 3);
	jw_time(jw, "joined_at", sql_column_int(stmt, 4));
	jw_flag(jw, "muted", !sql_column_is_null(stmt, 5));
	jw_time(jw, "muted_until", sql_column_int(stmt, 5));
	if (sql_column_is_null(stmt, 6))
		jw_null(jw, "notification_level");
	else
		jw_int(jw, "notification_level", sql_column_int(stmt, 6));
}

static void session_row(struct jw *jw, struct sql_stmt *stmt)
{
	jw_id(jw, "id", sql_column_int(stmt, 0));
	row_text_to_json(jw, "kind", stmt, 1);
	row_text_to_json(jw, "name", stmt, 2);
	row_text_to_json(jw, "device", stmt, 3);
	row_text_to_json(jw, "address", stmt, 4);
	jw_time(jw, "created_at", sql_column_int(stmt, 5));
	jw_time(jw, "last_used_at", sql_column_int(stmt, 6));
	jw_time(jw, "expires_at", sql_column_int(stmt, 7));
}

static void bot_row(struct jw *jw, struct sql_stmt *stmt)
{
	jw_id(jw, "id", sql_column_int(stmt, 0));
	row_text_to_json(jw, "username", stmt, 1);
	jw_id(jw, "guild_id", sql_column_int(stmt, 2));
}

static enum err list_write(struct sql *db, struct jw *jw, const char *key, enum query query, const struct sql_arg *args,
			   void (*write)(struct jw *, struct sql_stmt *))
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, query, args, &stmt));
	jw_array(jw, key);
	while (sql_step(stmt)) {
		jw_object(jw, NULL);
		write(jw, stmt);
		jw_object_end(jw);
	}
	jw_array_end(jw);
	return sql_finish(stmt);
}

static enum err message_write(struct sql *db, struct jw *jw, struct sql_stmt *stmt, int64_t user_id)
{
	int64_t id = sql_column_int(stmt, 0);
	jw_object(jw, NULL);
	jw_id(jw, "id", id);
	jw_id(jw, "channel_id", sql_column_int(stmt, 1));
	jw_id(jw, "guild_id", sql_column_int(stmt, 2));
	jw_time(jw, "timestamp", id_created_at_ms(id));
	jw_time(jw, "edited_timestamp", sql_column_int(stmt, 3));
	row_text_to_json(jw, "content", stmt, 4);
	const struct message_own own = {.message_id = id,
					.author_id = user_id,
					.type = sql_column_int(stmt, 5),
					.flags = sql_column_int(stmt, 6),
					.parts = sql_column_int(stmt, 7),
					.reference_id = sql_column_int(stmt, 8),
					.is_edited = !sql_column_is_null(stmt, 3)};
	TRY(message_own_to_json(db, jw, &own));
	jw_object_end(jw);
	return ERR_OK;
}

static void saved_row(struct jw *jw, struct sql_stmt *stmt)
{
	jw_id(jw, "channel_id", sql_column_int(stmt, 0));
	jw_id(jw, "message_id", sql_column_int(stmt, 1));
	jw_time(jw, "saved_at", id_created_at_ms(sql_column_int(stmt, 2)));
}

static void reaction_row(struct jw *jw, struct sql_stmt *stmt)
{
	jw_id(jw, "channel_id", sql_column_int(stmt, 0));
	jw_id(jw, "message_id", sql_column_int(stmt, 1));
	jw_object(jw, "emoji");
	jw_id(jw, "id", sql_column_int(stmt, 2));
	row_text_to_json(jw, "name", stmt, 3);
	jw_object_end(jw);
}

static void vote_row(struct jw *jw, struct sql_stmt *stmt)
{
	jw_id(jw, "channel_id", sql_column_int(stmt, 0));
	jw_id(jw, "message_id", sql_column_int(stmt, 1));
	jw_int(jw, "answer_id", sql_column_int(stmt, 2));
}

/* Adds messages, reactions, votes and next. */
static enum err part_write(struct sql *db, struct jw *jw, int64_t user_id, int64_t after)
{
	struct sql_stmt *stmt;
	int64_t last_id;
	bool is_last;
	enum err e = ERR_OK;
	TRY(find_end(db, user_id, after, &last_id, &is_last));
	const struct sql_arg *range = SQL_ARGS(sql_id(user_id), sql_int(after), sql_int(last_id));
	TRY(sql_start(db, QUERY_EXPORT_MESSAGES, range, &stmt));
	jw_array(jw, "messages");
	while (e == ERR_OK && sql_step(stmt))
		e = message_write(db, jw, stmt, user_id);
	jw_array_end(jw);
	enum err end = sql_finish(stmt);
	TRY(end != ERR_OK ? end : e);
	TRY(list_write(db, jw, "reactions", QUERY_EXPORT_REACTIONS, range, reaction_row));
	TRY(list_write(db, jw, "votes", QUERY_EXPORT_VOTES, range, vote_row));
	jw_id(jw, "next", is_last ? 0 : last_id);
	return ERR_OK;
}

/* What is said once. */
static enum err account_write(struct sql *db, struct arena *arena, struct jw *jw, int64_t user_id)
{
	struct user user;
	TRY(user_find(db, arena, user_id, &user));
	user_self_to_json(jw, "account", &user);
	const struct sql_arg *owner = SQL_ARGS(sql_id(user_id));
	TRY(list_write(db, jw, "guilds", QUERY_EXPORT_GUILDS, owner, guild_row));
	TRY(list_write(db, jw, "channels", QUERY_EXPORT_CHANNELS, owner, channel_row));
	TRY(list_write(db, jw, "sessions", QUERY_EXPORT_SESSIONS, owner, session_row));
	TRY(list_write(db, jw, "bots", QUERY_EXPORT_BOTS, owner, bot_row));
	TRY(list_write(db, jw, "saved_messages", QUERY_EXPORT_SAVED, owner, saved_row));
	TRY(draft_export_to_json(db, jw, "drafts", user_id));
	TRY(scheduled_list_to_json(db, arena, jw, "scheduled_messages", user_id));
	return block_list_to_json(db, arena, jw, "blocks", user_id);
}

enum err user_export_to_json(struct sql *db, struct arena *arena, struct jw *jw, int64_t user_id, int64_t after,
			     int64_t now_ms)
{
	jw_object(jw, NULL);
	jw_time(jw, "exported_at", now_ms);
	if (after == 0)
		TRY(account_write(db, arena, jw, user_id));
	TRY(part_write(db, jw, user_id, after));
	jw_object_end(jw);
	return ERR_OK;
}
