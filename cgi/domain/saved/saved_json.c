/* The list of saved messages, as its owner may see them now. */
#include "base/id.h"
#include "domain/channel/channel.h"
#include "domain/message/message.h"
#include "domain/saved/saved.h"

struct entry {
	int64_t id, message_id, channel_id;
};

/* What the reader may do in the channels that were met so far: a list often comes from a few of them. */
struct known {
	struct {
		int64_t channel_id, guild_id;
		bool is_readable;
	} channels[SAVED_MAX];
	size_t count;
};

static enum err list(struct sql *db, int64_t user_id, int64_t before, struct entry *out, int *count)
{
	struct sql_stmt *stmt;
	*count = 0;
	TRY(sql_start(db, QUERY_SAVED_LIST,
		      SQL_ARGS(sql_id(user_id), sql_int(before != 0 ? before : INT64_MAX), sql_int(SAVED_MAX)), &stmt));
	while (*count < SAVED_MAX && sql_step(stmt))
		out[(*count)++] = (struct entry){.id = sql_column_int(stmt, 0),
						 .message_id = sql_column_int(stmt, 1),
						 .channel_id = sql_column_int(stmt, 2)};
	return sql_finish(stmt);
}

static enum err look_up(struct sql *db, struct arena *arena, struct known *known, int64_t channel_id, int64_t user_id,
			size_t *at)
{
	struct channel channel;
	uint64_t bits;
	for (*at = 0; *at < known->count; (*at)++) {
		if (known->channels[*at].channel_id == channel_id)
			return ERR_OK;
	}
	enum err err = perm_open_channel(db, arena, channel_id, user_id, &channel, &bits);
	if (err != ERR_OK && err != ERR_UNKNOWN_CHANNEL)
		return err;
	known->channels[known->count].channel_id = channel_id;
	known->channels[known->count].guild_id = err == ERR_OK ? channel.guild_id : 0;
	known->channels[known->count].is_readable = err == ERR_OK && perm_has(bits, PERM_READ_HISTORY);
	known->count++;
	return ERR_OK;
}

/* *is_shown is false for a message that is deleted, though its row is there: a ban removes messages in portions. */
static enum err entry_to_json(struct sql *db, struct arena *arena, struct jw *jw, const struct entry *entry,
			      int64_t guild_id, int64_t user_id, bool *is_shown)
{
	struct buf *text = buf_in_arena(arena);
	struct jw message;
	jw_init(&message, text);
	enum err err = message_find_to_json(db, &message, NULL,
					    (struct message_at){entry->channel_id, entry->message_id, user_id}, NULL);
	*is_shown = err == ERR_OK;
	if (!*is_shown)
		return err == ERR_UNKNOWN_MESSAGE ? ERR_OK : err;
	jw_object(jw, NULL);
	jw_id(jw, "id", entry->id);
	jw_time(jw, "saved_at", id_created_at_ms(entry->id));
	jw_id(jw, "guild_id", guild_id);
	jw_raw(jw, "message", text->p, text->n);
	jw_object_end(jw);
	return ERR_OK;
}

enum err saved_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, int64_t user_id,
			    const struct saved_page *page, int64_t *last_id)
{
	struct entry *entries = arena_alloc(arena, SAVED_MAX * sizeof(*entries));
	struct known *known = arena_alloc(arena, sizeof(*known));
	int count, shown = 0;
	int64_t last = 0;
	bool has_more = false;
	TRY(list(db, user_id, page->before, entries, &count));
	jw_array(jw, "items");
	for (int i = 0; i < count && !has_more; i++) {
		size_t at;
		bool is_shown;
		TRY(look_up(db, arena, known, entries[i].channel_id, user_id, &at));
		if (!known->channels[at].is_readable)
			continue;
		has_more = shown == page->limit;
		if (has_more)
			break;
		TRY(entry_to_json(db, arena, jw, &entries[i], known->channels[at].guild_id, user_id, &is_shown));
		shown += is_shown;
		last = entries[i].id;
	}
	jw_array_end(jw);
	jw_flag(jw, "has_more", has_more);
	if (last_id != NULL)
		*last_id = last;
	return ERR_OK;
}

enum err saved_exists(struct sql *db, int64_t user_id, int64_t message_id, bool *exists)
{
	int64_t id;
	TRY(sql_find_int(db, QUERY_SAVED_FIND, SQL_ARGS(sql_id(message_id), sql_id(user_id)), &id));
	*exists = id != 0;
	return ERR_OK;
}
