/* Who sees a channel of a workspace, and what follows when that changes. */
#include "domain/channel/channel_change.h"

#include <string.h>

enum { VIEWERS_AT_FIRST = 64 };

enum err channel_is_seen_by(struct apply *apply, const struct channel *channel, int64_t user_id, bool *is_seen)
{
	uint64_t bits;
	TRY(perm_of_read_channel(apply->db, apply->arena, channel, user_id, &bits));
	*is_seen = bits != 0;
	return ERR_OK;
}

/* The rows of one member at a time: columns of channel_viewers, one row a role. */
struct member_reader {
	struct sql_stmt *stmt;
	uint64_t everyone_bits;
	int64_t guild_id;
	bool has_row;
	int64_t role_ids[ROLES_MAX];
	uint64_t role_bits[ROLES_MAX];
};

static bool next_member(struct member_reader *reader, int64_t now_ms, struct perm_member *member)
{
	if (!reader->has_row)
		return false;
	*member = (struct perm_member){.user_id = sql_column_int(reader->stmt, 0),
				       .guild_id = reader->guild_id,
				       .is_owner = sql_column_int(reader->stmt, 1) != 0,
				       .is_timed_out = sql_column_int(reader->stmt, 2) > now_ms,
				       .everyone_bits = reader->everyone_bits,
				       .role_ids = reader->role_ids,
				       .role_bits = reader->role_bits};
	do {
		if (!sql_column_is_null(reader->stmt, 3) && member->role_count < ROLES_MAX) {
			reader->role_ids[member->role_count] = sql_column_int(reader->stmt, 3);
			reader->role_bits[member->role_count++] = (uint64_t)sql_column_int(reader->stmt, 4);
		}
		reader->has_row = sql_step(reader->stmt);
	} while (reader->has_row && sql_column_int(reader->stmt, 0) == member->user_id);
	return true;
}

static void add(struct apply *apply, struct channel_viewers *viewers, size_t *room, int64_t user_id)
{
	if (viewers->count == *room) {
		int64_t *longer = arena_alloc(apply->arena, 2 * *room * sizeof(*longer));
		memcpy(longer, viewers->ids, *room * sizeof(*longer));
		viewers->ids = longer;
		*room *= 2;
	}
	viewers->ids[viewers->count++] = user_id;
}

enum err channel_viewers_list(struct apply *apply, const struct channel *channel, struct channel_viewers *out)
{
	struct member_reader *reader = arena_alloc(apply->arena, sizeof(*reader));
	struct perm_member member;
	size_t room = VIEWERS_AT_FIRST;
	int64_t everyone_bits;
	*out = (struct channel_viewers){.ids = arena_alloc(apply->arena, room * sizeof(int64_t))};
	TRY(sql_find_int(apply->db, QUERY_ROLE_BITS, SQL_ARGS(sql_id(channel->guild_id)), &everyone_bits));
	reader->everyone_bits = (uint64_t)everyone_bits;
	reader->guild_id = channel->guild_id;
	TRY(sql_start(apply->db, QUERY_CHANNEL_VIEWERS, SQL_ARGS(sql_id(channel->guild_id)), &reader->stmt));
	reader->has_row = sql_step(reader->stmt);
	while (next_member(reader, apply->now_ms, &member)) {
		if (perm_in_channel(&member, channel->overwrites, channel->overwrite_count) != 0)
			add(apply, out, &room, member.user_id);
	}
	return sql_finish(reader->stmt);
}

static enum err shut_out(struct apply *apply, struct channel *channel, int64_t user_id)
{
	bool is_changed;
	TRY(channel_member_drop(apply, channel, user_id, &is_changed));
	return channel_vanish_for(apply, channel, user_id);
}

enum err channel_viewer_changed(struct apply *apply, struct channel *channel, int64_t user_id, bool saw_before)
{
	bool sees;
	TRY(channel_is_seen_by(apply, channel, user_id, &sees));
	if (sees && !saw_before)
		TRY(channel_announce_to(apply, "CHANNEL_CREATE", channel, user_id));
	TRY(channel_announce(apply, "CHANNEL_UPDATE", channel));
	return saw_before && !sees ? shut_out(apply, channel, user_id) : ERR_OK;
}

/* Calls change for each id of `in` that is not in `out`; both are in order. */
static enum err each_missing(struct apply *apply, struct channel *channel, const struct channel_viewers *in,
			     const struct channel_viewers *out,
			     enum err (*change)(struct apply *, struct channel *, int64_t))
{
	size_t at = 0;
	for (size_t i = 0; i < in->count; i++) {
		while (at < out->count && out->ids[at] < in->ids[i])
			at++;
		if (at == out->count || out->ids[at] != in->ids[i])
			TRY(change(apply, channel, in->ids[i]));
	}
	return ERR_OK;
}

static enum err show(struct apply *apply, struct channel *channel, int64_t user_id)
{
	return channel_announce_to(apply, "CHANNEL_CREATE", channel, user_id);
}

enum err channel_viewers_changed(struct apply *apply, struct channel *channel, const struct channel_viewers *before)
{
	struct channel_viewers now;
	TRY(channel_viewers_list(apply, channel, &now));
	TRY(each_missing(apply, channel, &now, before, show));
	TRY(channel_announce(apply, "CHANNEL_UPDATE", channel));
	return each_missing(apply, channel, before, &now, shut_out);
}
