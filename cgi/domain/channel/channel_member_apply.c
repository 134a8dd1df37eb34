/* Joining and leaving a channel. */
#include "domain/channel/channel_member_change.h"

enum err channel_member_is_in(struct apply *apply, int64_t channel_id, int64_t user_id, bool *is_in)
{
	struct channel_member member;
	enum err err = channel_member_find(apply->db, channel_id, user_id, apply->now_ms, &member);
	*is_in = err == ERR_OK;
	return err == ERR_UNKNOWN_MEMBER ? ERR_OK : err;
}

enum err channel_join_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct channel_join_input *in = input;
	struct channel channel;
	uint64_t bits;
	bool is_changed, is_banned;
	(void)result;
	TRY(perm_open_channel(apply->db, apply->arena, in->channel_id, apply->actor_id, &channel, &bits));
	if (channel.type != CHANNEL_TYPE_TEXT)
		return ERR_CHANNEL_TYPE;
	TRY(channel_is_banned(apply, channel.id, apply->actor_id, &is_banned));
	return is_banned ? ERR_CHANNEL_BANNED : channel_member_put(apply, &channel, apply->actor_id, &is_changed);
}

/* A private channel without anybody in it would be lost to all but who may see everything. */
static enum err check_not_last(struct apply *apply, const struct channel *channel)
{
	int64_t has_others;
	if (!channel_is_private(channel) || channel->archived_at_ms != 0)
		return ERR_OK;
	TRY(sql_find_int(apply->db, QUERY_CHANNEL_MEMBER_HAS_OTHERS,
			 SQL_ARGS(sql_id(channel->id), sql_id(apply->actor_id)), &has_others));
	return has_others != 0 ? ERR_OK : ERR_LAST_MEMBER;
}

enum err channel_leave_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct channel_leave_input *in = input;
	struct channel channel;
	uint64_t bits;
	bool is_in;
	(void)result;
	TRY(perm_open_channel(apply->db, apply->arena, in->channel_id, apply->actor_id, &channel, &bits));
	if (channel.type == CHANNEL_TYPE_GROUP)
		return channel_group_leave(apply, &channel, apply->actor_id);
	if (channel.type != CHANNEL_TYPE_TEXT)
		return ERR_CHANNEL_TYPE;
	TRY(channel_member_is_in(apply, channel.id, apply->actor_id, &is_in));
	if (!is_in)
		return ERR_UNKNOWN_MEMBER;
	TRY(check_not_last(apply, &channel));
	return channel_member_take_out(apply, &channel, &(struct channel_people){.ids = &apply->actor_id, .count = 1});
}

enum err channel_member_take_out(struct apply *apply, struct channel *channel, const struct channel_people *people)
{
	bool *saw = arena_alloc(apply->arena, people->count * sizeof(*saw));
	size_t overwrites_before = channel->overwrite_count;
	bool is_changed, has_changed = false;
	for (size_t i = 0; i < people->count; i++) {
		struct perm_overwrite before = channel_overwrite_of_member(channel, people->ids[i]);
		TRY(channel_is_seen_by(apply, channel, people->ids[i], &saw[i]));
		TRY(channel_overwrite_let_out(apply, channel, people->ids[i]));
		has_changed |= before.allow != channel_overwrite_of_member(channel, people->ids[i]).allow;
	}
	for (size_t i = 0; i < people->count; i++)
		TRY(channel_member_drop(apply, channel, people->ids[i], &is_changed));
	if (has_changed || overwrites_before != channel->overwrite_count)
		TRY(channel_announce(apply, "CHANNEL_UPDATE", channel));
	for (size_t i = 0; i < people->count; i++) {
		bool sees;
		TRY(channel_is_seen_by(apply, channel, people->ids[i], &sees));
		if (saw[i] && !sees)
			TRY(channel_vanish_for(apply, channel, people->ids[i]));
	}
	return ERR_OK;
}

enum err channel_member_targets_decode(struct apply *apply, int64_t user_id, const json_t *users,
				       struct channel_member_targets *out)
{
	out->is_list = user_id == 0;
	if (out->is_list) {
		TRY(channel_people_decode(apply, "users", users, &out->people));
		if (out->people.count > 0)
			return ERR_OK;
		field_errors_add(&apply->errors, "users", "BASE_TYPE_REQUIRED", "This field is required");
		return ERR_INVALID_FORM;
	}
	out->people.ids = arena_alloc(apply->arena, sizeof(*out->people.ids));
	out->people.ids[0] = user_id;
	out->people.count = 1;
	return ERR_OK;
}

enum err channel_member_refuse(struct apply *apply, const struct channel_member_targets *targets, int64_t user_id,
			       enum err err)
{
	return targets->is_list ? channel_people_note(apply, "users", user_id, err) : err;
}
