/* Taking messages away: by their author, by moderators, and all that somebody wrote of late when they are banned. The
 * row stays without its text, so that a retry with its nonce finds it deleted; the event log is scrubbed. */
#include "base/id.h"
#include "domain/audit/audit.h"
#include "domain/channel/channel.h"
#include "domain/event/event.h"
#include "domain/file/file.h"
#include "domain/message/message_change.h"
#include "domain/message/message_echo.h"
#include "domain/message/message_json.h"
#include "domain/perm.h"
#include "domain/pin/pin.h"
#include "domain/poll/poll.h"
#include "domain/reaction/reaction.h"
#include "domain/read/read.h"
#include "domain/saved/saved.h"
#include "domain/search/search.h"
#include "domain/thread/thread.h"

enum { REMOVED_AT_ONCE = 100 };

static enum err announce(struct apply *apply, const struct channel *channel, int64_t message_id)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_id(&jw, "id", message_id);
	jw_id(&jw, "channel_id", channel->id);
	if (channel->guild_id != 0)
		jw_id(&jw, "guild_id", channel->guild_id);
	jw_object_end(&jw);
	struct event event = {.type = "MESSAGE_DELETE",
			      .guild_id = channel->guild_id,
			      .channel_id = channel->id,
			      .message_id = message_id,
			      .payload = payload->p,
			      .payload_n = payload->n};
	return event_append(apply, &event);
}

/* What stands beside its row, by its parts; its row stays, so that no foreign key does this. */
static enum err take_parts(struct apply *apply, const struct channel *channel, int64_t message_id, int64_t parts)
{
	static const struct {
		enum message_part part;
		enum query query;
	} rows[] = {{MESSAGE_HAS_MENTIONS, QUERY_MESSAGE_DELETE_MENTIONS},
		    {MESSAGE_HAS_NAMES, QUERY_MESSAGE_DELETE_NAMES},
		    {MESSAGE_HAS_EMBEDS, QUERY_MESSAGE_DELETE_EMBEDS},
		    {MESSAGE_HAS_SNAPSHOT, QUERY_MESSAGE_DELETE_SNAPSHOT}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (parts & rows[i].part)
			TRY(sql_run(apply->db, rows[i].query, SQL_ARGS(sql_id(message_id)), NULL));
	}
	if (parts & MESSAGE_HAS_ECHO)
		TRY(message_echo_gone(apply, message_id));
	if (parts & MESSAGE_HAS_REACTIONS)
		TRY(reaction_message_gone(apply, message_id));
	if (parts & MESSAGE_HAS_POLL)
		TRY(poll_message_gone(apply, message_id));
	if (parts & MESSAGE_HAS_ATTACHMENTS)
		TRY(file_message_gone(apply, message_id));
	/* PART: what other nouns hold of the message goes here, each by its <noun>_message_gone(apply, message_id) and
	 * only where parts says that it has rows. */
	return parts & MESSAGE_HAS_PIN ? pin_message_gone(apply, channel, message_id) : ERR_OK;
}

enum err message_take(struct apply *apply, const struct channel *channel, int64_t message_id, int64_t parts)
{
	TRY(search_leave(apply, message_id));
	if (parts != 0)
		TRY(take_parts(apply, channel, message_id, parts));
	TRY(saved_message_gone(apply, message_id));
	TRY(sql_run(apply->db, QUERY_MESSAGE_DELETE_VERSIONS, SQL_ARGS(sql_id(message_id)), NULL));
	TRY(sql_run(apply->db, QUERY_MESSAGE_MARK_DELETED, SQL_ARGS(sql_id(message_id), sql_int(apply->now_ms)), NULL));
	TRY(read_message_gone(apply, channel->id, message_id));
	TRY(event_scrub_message(apply, message_id));
	return channel_is_thread(channel) ? thread_message_gone(apply, channel) : ERR_OK;
}

enum err message_take_away(struct apply *apply, const struct channel *channel, int64_t message_id, int64_t parts)
{
	TRY(message_take(apply, channel, message_id, parts));
	return announce(apply, channel, message_id);
}

/* What moderators take away is in the audit log; what people take back themselves is nobody's business. */
static enum err audit(struct apply *apply, const struct channel *channel, int64_t author_id)
{
	struct buf *options = buf_in_arena(apply->arena);
	struct jw jw;
	if (author_id == apply->actor_id || channel->guild_id == 0)
		return ERR_OK;
	jw_init(&jw, options);
	jw_object(&jw, NULL);
	jw_id(&jw, "channel_id", channel->id);
	jw_text(&jw, "count", "1");
	jw_object_end(&jw);
	const struct audit_entry entry = {.guild_id = channel->guild_id,
					  .action = AUDIT_MESSAGE_DELETE,
					  .target_id = author_id,
					  .channel_id = channel->id,
					  .options = options->p};
	return audit_append(apply, &entry);
}

enum err message_delete_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct message_delete_input *in = input;
	struct channel channel;
	uint64_t bits;
	struct sql_stmt *stmt;
	int64_t author_id = 0, parts = 0;
	(void)result;
	TRY(perm_of_channel(apply->db, apply->arena, in->channel_id, apply->actor_id, &bits));
	TRY(channel_find(apply->db, apply->arena, in->channel_id, &channel));
	TRY(sql_start(apply->db, QUERY_MESSAGE_FIND, SQL_ARGS(sql_id(in->message_id), sql_id(in->channel_id)), &stmt));
	if (sql_step(stmt)) {
		author_id = sql_column_int(stmt, MESSAGE_COLUMN_AUTHOR);
		parts = sql_column_int(stmt, MESSAGE_COLUMN_PARTS);
	}
	TRY(sql_finish(stmt));
	if (author_id == 0)
		return ERR_UNKNOWN_MESSAGE;
	if (author_id != apply->actor_id && !perm_has(bits, PERM_MANAGE_MESSAGES))
		return ERR_MISSING_PERMISSIONS;
	TRY(message_take_away(apply, &channel, in->message_id, parts));
	return audit(apply, &channel, author_id);
}

/* A removal that goes on from next_id; what it found in one go. */
struct removal {
	int64_t guild_id, author_id, next_id, last_id;
	struct {
		int64_t message_id, channel_id, parts; /* channel_id 0: to be left alone */
	} found[REMOVED_AT_ONCE];
	int count;
};

/* Looks at a bounded number of the author's messages, wherever they are. */
static enum err look(struct apply *apply, struct removal *removal)
{
	struct sql_stmt *stmt;
	removal->count = 0;
	TRY(sql_start(apply->db, QUERY_MESSAGE_LIST_TO_REMOVE,
		      SQL_ARGS(sql_id(removal->author_id), sql_int(removal->next_id), sql_int(removal->last_id),
			       sql_int(removal->guild_id), sql_int(REMOVED_AT_ONCE)),
		      &stmt));
	while (removal->count < REMOVED_AT_ONCE && sql_step(stmt)) {
		removal->found[removal->count].message_id = sql_column_int(stmt, 0);
		removal->found[removal->count].channel_id = sql_column_int(stmt, 1);
		removal->found[removal->count++].parts = sql_column_int(stmt, 2);
	}
	return sql_finish(stmt);
}

/* Whether one that was found has not gone with another since. */
static enum err is_there(struct apply *apply, int64_t channel_id, int64_t message_id, bool *out)
{
	int64_t author_id;
	TRY(sql_find_int(apply->db, QUERY_MESSAGE_AUTHOR, SQL_ARGS(sql_id(message_id), sql_id(channel_id)),
			 &author_id));
	*out = author_id != 0;
	return ERR_OK;
}

static enum err take_found(struct apply *apply, const struct removal *removal)
{
	struct channel channel = {0};
	for (int i = 0; i < removal->count; i++) {
		int64_t channel_id = removal->found[i].channel_id;
		bool is_left = channel_id != 0;
		if (is_left && removal->found[i].parts & MESSAGE_HAS_ECHO)
			TRY(is_there(apply, channel_id, removal->found[i].message_id, &is_left));
		if (!is_left)
			continue;
		if (channel_id != channel.id)
			TRY(channel_find(apply->db, apply->arena, channel_id, &channel));
		TRY(message_take_away(apply, &channel, removal->found[i].message_id, removal->found[i].parts));
	}
	return ERR_OK;
}

/* One go at it; its row is what is left to do, so that a store which dies in between goes on where it was. */
static enum err go_on(struct apply *apply, struct removal *removal)
{
	struct sql_arg guild = sql_int(removal->guild_id), author = sql_id(removal->author_id);
	TRY(look(apply, removal));
	TRY(take_found(apply, removal));
	if (removal->count < REMOVED_AT_ONCE)
		return sql_run(apply->db, QUERY_MESSAGE_REMOVAL_DELETE, SQL_ARGS(guild, author), NULL);
	int64_t next_id = removal->found[removal->count - 1].message_id + 1;
	return sql_run(apply->db, QUERY_MESSAGE_REMOVAL_ADVANCE, SQL_ARGS(guild, author, sql_int(next_id)), NULL);
}

enum err message_remove_recent(struct apply *apply, int64_t guild_id, int64_t author_id, int64_t since_ms)
{
	struct removal *removal = arena_alloc(apply->arena, sizeof(*removal));
	*removal = (struct removal){
	    .guild_id = guild_id, .author_id = author_id, .last_id = id_next(apply->ids, apply->now_ms)};
	TRY(sql_find_int(
	    apply->db, QUERY_MESSAGE_REMOVAL_INSERT,
	    SQL_ARGS(sql_int(guild_id), sql_id(author_id), sql_int(id_first_at(since_ms)), sql_int(removal->last_id)),
	    &removal->next_id));
	return go_on(apply, removal);
}

enum err message_remove_more(struct apply *apply, bool *is_done)
{
	struct removal *removal = arena_alloc(apply->arena, sizeof(*removal));
	struct sql_stmt *stmt;
	TRY(sql_start(apply->db, QUERY_MESSAGE_REMOVAL_FIRST, SQL_NO_ARGS, &stmt));
	*is_done = !sql_step(stmt);
	if (!*is_done)
		*removal = (struct removal){.guild_id = sql_column_int(stmt, 0),
					    .author_id = sql_column_int(stmt, 1),
					    .next_id = sql_column_int(stmt, 2),
					    .last_id = sql_column_int(stmt, 3)};
	TRY(sql_finish(stmt));
	return *is_done ? ERR_OK : go_on(apply, removal);
}
