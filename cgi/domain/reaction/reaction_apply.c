/* Changes of reactions. */
#include "domain/channel/channel.h"
#include "domain/emoji/emoji.h"
#include "domain/message/message.h"
#include "domain/reaction/reaction.h"
#include "domain/reaction/reaction_change.h"

/* The message that an op is about, for who may read it. */
static enum err open_message(struct apply *apply, int64_t channel_id, int64_t message_id, struct reaction_place *out)
{
	*out = (struct reaction_place){.message_id = message_id};
	TRY(perm_open_channel(apply->db, apply->arena, channel_id, apply->actor_id, &out->channel, &out->bits));
	if (!perm_has(out->bits, PERM_READ_HISTORY))
		return ERR_MISSING_PERMISSIONS;
	TRY(sql_find_int(apply->db, QUERY_MESSAGE_AUTHOR, SQL_ARGS(sql_id(message_id), sql_id(channel_id)),
			 &out->author_id));
	return out->author_id != 0 ? ERR_OK : ERR_UNKNOWN_MESSAGE;
}

/* position is 0 where nobody has reacted with it. What a custom one was called when it was first used counts, as that
 * is what is shown should it be deleted. */
static enum err find_kind(struct apply *apply, int64_t message_id, const char *emoji, struct reaction_kind *out)
{
	struct sql_stmt *stmt;
	*out = (struct reaction_kind){0};
	TRY(emoji_ref_parse(apply->arena, emoji, &out->emoji));
	TRY(sql_start(apply->db, QUERY_REACTION_FIND_KIND,
		      SQL_ARGS(sql_id(message_id), sql_int(out->emoji.id), sql_text(out->emoji.name)), &stmt));
	if (sql_step(stmt)) {
		out->position = sql_column_int(stmt, 0);
		out->count = sql_column_int(stmt, 1);
		out->emoji.name = sql_column_text(stmt, 2, apply->arena);
	}
	return sql_finish(stmt);
}

static enum err add_kind(struct apply *apply, const struct reaction_place *place, struct reaction_kind *kind)
{
	struct sql_stmt *stmt;
	int64_t count = 0, last = 0;
	if (!perm_has(place->bits, PERM_ADD_REACTIONS))
		return ERR_MISSING_PERMISSIONS;
	TRY(emoji_ref_check(apply, place->channel.guild_id, place->bits, &kind->emoji));
	TRY(sql_start(apply->db, QUERY_REACTION_COUNT_KINDS, SQL_ARGS(sql_id(place->message_id)), &stmt));
	if (sql_step(stmt)) {
		count = sql_column_int(stmt, 0);
		last = sql_column_int(stmt, 1);
	}
	TRY(sql_finish(stmt));
	if (count >= REACTION_KINDS_MAX)
		return ERR_TOO_MANY_REACTIONS;
	kind->position = last + 1;
	kind->count = 1;
	if (count == 0)
		TRY(message_part_set(apply, place->message_id, MESSAGE_HAS_REACTIONS, true));
	return sql_run(apply->db, QUERY_REACTION_INSERT_KIND,
		       SQL_ARGS(sql_id(place->message_id), sql_int(kind->position), sql_int(kind->emoji.id),
				sql_text(kind->emoji.name)),
		       NULL);
}

enum err reaction_add_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct reaction_add_input *in = input;
	struct reaction_place place;
	struct reaction_kind kind;
	int changes;
	(void)result;
	TRY(open_message(apply, in->channel_id, in->message_id, &place));
	TRY(channel_before_response(apply, &place.channel, place.bits));
	TRY(find_kind(apply, in->message_id, in->emoji, &kind));
	bool is_first = kind.position == 0;
	if (is_first)
		TRY(add_kind(apply, &place, &kind));
	TRY(sql_run(apply->db, QUERY_REACTION_INSERT,
		    SQL_ARGS(sql_id(in->message_id), sql_int(kind.position), sql_id(apply->actor_id)), &changes));
	if (changes == 0)
		return ERR_OK;
	if (!is_first) {
		TRY(sql_run(apply->db, QUERY_REACTION_ADD_TO_KIND,
			    SQL_ARGS(sql_id(in->message_id), sql_int(kind.position), sql_int(1)), NULL));
		kind.count++;
	}
	return reaction_announce(apply, "MESSAGE_REACTION_ADD", &place, &kind, apply->actor_id);
}

/* The last reaction of a kind ends the kind, the last kind the message's bit. */
static enum err end_kind(struct apply *apply, int64_t message_id, int64_t position)
{
	int64_t count;
	TRY(sql_run(apply->db, QUERY_REACTION_DELETE_KIND, SQL_ARGS(sql_id(message_id), sql_int(position)), NULL));
	TRY(sql_find_int(apply->db, QUERY_REACTION_COUNT_KINDS, SQL_ARGS(sql_id(message_id)), &count));
	return count > 0 ? ERR_OK : message_part_set(apply, message_id, MESSAGE_HAS_REACTIONS, false);
}

enum err reaction_take_back(struct apply *apply, const struct reaction_place *place, struct reaction_kind *kind,
			    int64_t user_id)
{
	int changes;
	TRY(sql_run(apply->db, QUERY_REACTION_DELETE,
		    SQL_ARGS(sql_id(place->message_id), sql_int(kind->position), sql_id(user_id)), &changes));
	if (changes == 0)
		return ERR_OK;
	if (--kind->count == 0)
		TRY(end_kind(apply, place->message_id, kind->position));
	else
		TRY(sql_run(apply->db, QUERY_REACTION_ADD_TO_KIND,
			    SQL_ARGS(sql_id(place->message_id), sql_int(kind->position), sql_int(-1)), NULL));
	return reaction_announce(apply, "MESSAGE_REACTION_REMOVE", place, kind, user_id);
}

/* What somebody takes back themselves they may at any time, as their messages. */
enum err reaction_remove_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct reaction_remove_input *in = input;
	int64_t user_id = in->user_id != 0 ? in->user_id : apply->actor_id;
	struct reaction_place place;
	struct reaction_kind kind;
	(void)result;
	TRY(open_message(apply, in->channel_id, in->message_id, &place));
	if (user_id != apply->actor_id && !perm_has(place.bits, PERM_MANAGE_MESSAGES))
		return ERR_MISSING_PERMISSIONS;
	TRY(find_kind(apply, in->message_id, in->emoji, &kind));
	return kind.position != 0 ? reaction_take_back(apply, &place, &kind, user_id) : ERR_OK;
}

enum err reaction_remove_emoji_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct reaction_remove_emoji_input *in = input;
	struct reaction_place place;
	struct reaction_kind kind;
	(void)result;
	TRY(open_message(apply, in->channel_id, in->message_id, &place));
	if (!perm_has(place.bits, PERM_MANAGE_MESSAGES))
		return ERR_MISSING_PERMISSIONS;
	TRY(find_kind(apply, in->message_id, in->emoji, &kind));
	if (kind.position == 0)
		return ERR_OK;
	TRY(end_kind(apply, in->message_id, kind.position));
	kind.count = 0;
	return reaction_announce(apply, "MESSAGE_REACTION_REMOVE_EMOJI", &place, &kind, 0);
}

enum err reaction_remove_all_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct reaction_remove_all_input *in = input;
	struct reaction_place place;
	int changes;
	(void)result;
	TRY(open_message(apply, in->channel_id, in->message_id, &place));
	if (!perm_has(place.bits, PERM_MANAGE_MESSAGES))
		return ERR_MISSING_PERMISSIONS;
	TRY(sql_run(apply->db, QUERY_REACTION_DELETE_KINDS, SQL_ARGS(sql_id(in->message_id)), &changes));
	if (changes == 0)
		return ERR_OK;
	TRY(message_part_set(apply, in->message_id, MESSAGE_HAS_REACTIONS, false));
	return reaction_announce(apply, "MESSAGE_REACTION_REMOVE_ALL", &place, NULL, 0);
}
