/* Changing a channel, and the order of a workspace's. */
#include "domain/channel/channel_change.h"
#include "domain/channel/channel_check.h"
#include "domain/channel/channel_overwrites.h"
#include "domain/thread/thread.h"

static bool is_given(const struct channel_update_input *in, const char *field)
{
	return field_is_given(channel_update_fields, &in->set, field);
}

static bool has_value(const struct channel_update_input *in, const char *field)
{
	return is_given(in, field) && !field_is_nulled(channel_update_fields, &in->set, field);
}

static enum err write_down(struct apply *apply, const struct channel *channel)
{
	return sql_run(apply->db, QUERY_CHANNEL_UPDATE,
		       SQL_ARGS(sql_id(channel->id), sql_id(channel->parent_id), sql_text(channel->name),
				sql_text(channel->topic), sql_int(channel->position), sql_int(channel->slow_mode_s),
				sql_int(channel->is_default), sql_id(channel->archived_at_ms)),
		       NULL);
}

/* Whoever owns one channel alone does not decide where all newcomers land. */
static enum err change_default(struct apply *apply, const struct channel_update_input *in, struct channel *channel)
{
	if (in->is_default == channel->is_default)
		return ERR_OK;
	if (channel->type != CHANNEL_TYPE_TEXT)
		return ERR_CHANNEL_TYPE;
	channel->is_default = in->is_default;
	return perm_require_guild(apply->db, apply->arena, channel->guild_id, apply->actor_id, PERM_MANAGE_CHANNELS);
}

static enum err change_archived(struct apply *apply, const struct channel_update_input *in, struct channel *channel)
{
	if (in->archived == (channel->archived_at_ms != 0))
		return ERR_OK;
	channel->archived_at_ms = in->archived ? apply->now_ms : 0;
	return channel->type == CHANNEL_TYPE_TEXT ? ERR_OK : ERR_CHANNEL_TYPE;
}

/* The input's members, but for overwrites, into the channel. */
static enum err change(struct apply *apply, const struct channel_update_input *in, struct channel *channel)
{
	if (in->name != NULL) {
		TRY(channel_check_name(apply, channel, in->name));
		channel->name = in->name;
	}
	if (is_given(in, "topic"))
		channel->topic = in->topic != NULL && in->topic[0] != '\0' ? in->topic : NULL;
	if (has_value(in, "position"))
		channel->position = in->position;
	if (is_given(in, "parent_id")) {
		TRY(channel_check_parent(apply, channel, in->parent_id));
		channel->parent_id = in->parent_id;
	}
	if (is_given(in, "rate_limit_per_user"))
		channel->slow_mode_s = in->rate_limit_per_user;
	if (has_value(in, "default"))
		TRY(change_default(apply, in, channel));
	if (has_value(in, "archived"))
		TRY(change_archived(apply, in, channel));
	return ERR_OK;
}

static enum err audit_update(struct apply *apply, const struct channel *before, const struct channel *after)
{
	struct audit_changes changes;
	audit_changes_begin(apply, &changes);
	audit_changed_text(&changes, "name", before->name, after->name);
	audit_changed_text(&changes, "topic", before->topic, after->topic);
	audit_changed_int(&changes, "position", before->position, after->position);
	audit_changed_id(&changes, "parent_id", before->parent_id, after->parent_id);
	audit_changed_int(&changes, "rate_limit_per_user", before->slow_mode_s, after->slow_mode_s);
	audit_changed_flag(&changes, "default", before->is_default, after->is_default);
	audit_changed_flag(&changes, "archived", before->archived_at_ms != 0, after->archived_at_ms != 0);
	return changes.count > 0 ? channel_audit(apply, after, AUDIT_CHANNEL_UPDATE, after->id, &changes) : ERR_OK;
}

/* Brings the channel's overwrites to those of the list, which stands in the order of ids as the channel's own do. */
static enum err replace_overwrites(struct apply *apply, struct channel *channel, uint64_t bits,
				   const struct perm_overwrite *list, size_t count)
{
	const struct perm_overwrite *old = channel->overwrites;
	size_t old_count = channel->overwrite_count, i = 0, j = 0;
	while (i < old_count || j < count) {
		bool takes_old = j == count || (i < old_count && old[i].target_id <= list[j].target_id);
		bool takes_new = i == old_count || (j < count && list[j].target_id <= old[i].target_id);
		const struct channel_overwrite_change change = {takes_old ? &old[i] : NULL,
								takes_new ? &list[j] : NULL};
		TRY(channel_overwrite_apply_change(apply, channel, bits, &change));
		i += takes_old;
		j += takes_new;
	}
	return ERR_OK;
}

/* Whoever is let into a private channel by an overwrite of their own is in it. */
static enum err join_who_was_let_in(struct apply *apply, struct channel *channel)
{
	bool is_changed;
	if (channel->type != CHANNEL_TYPE_TEXT || !channel_is_private(channel))
		return ERR_OK;
	for (size_t i = 0; i < channel->overwrite_count; i++) {
		const struct perm_overwrite overwrite = channel->overwrites[i];
		if (overwrite.target == PERM_TARGET_MEMBER && (overwrite.allow & PERM_VIEW_CHANNEL) != 0)
			TRY(channel_member_put(apply, channel, overwrite.target_id, &is_changed));
	}
	return ERR_OK;
}

static enum err update_overwrites(struct apply *apply, const struct channel_update_input *in, struct channel *channel,
				  uint64_t bits)
{
	struct perm_overwrite *list;
	size_t count;
	struct channel_viewers before;
	TRY(channel_overwrites_decode(apply, in->permission_overwrites, &list, &count));
	TRY(channel_viewers_list(apply, channel, &before));
	TRY(replace_overwrites(apply, channel, bits, list, count));
	TRY(channel_viewers_changed(apply, channel, &before));
	return join_who_was_let_in(apply, channel);
}

/* Everybody in a group may name it. */
static enum err rename_group(struct apply *apply, const struct channel_update_input *in, struct channel *channel,
			     struct jw *result)
{
	if (is_given(in, "name")) {
		channel->name = in->name != NULL ? in->name : "";
		TRY(write_down(apply, channel));
		TRY(channel_announce(apply, "CHANNEL_UPDATE", channel));
	}
	return channel_view_to_json(apply->db, apply->arena, result, "channel", channel, apply->actor_id);
}

enum err channel_update_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct channel_update_input *in = input;
	struct channel channel;
	uint64_t bits;
	TRY(perm_open_channel(apply->db, apply->arena, in->channel_id, apply->actor_id, &channel, &bits));
	if (channel.type == CHANNEL_TYPE_GROUP)
		return rename_group(apply, in, &channel, result);
	if (channel_is_direct(&channel))
		return ERR_CHANNEL_TYPE;
	if (channel_is_thread(&channel))
		return thread_update(apply, &channel, bits, in, result);
	if (!perm_has(bits, PERM_MANAGE_CHANNELS))
		return ERR_MISSING_PERMISSIONS;
	const struct channel before = channel;
	TRY(change(apply, in, &channel));
	TRY(write_down(apply, &channel));
	if (before.archived_at_ms == 0 && channel.archived_at_ms != 0)
		TRY(thread_archive_children(apply, &channel));
	TRY(audit_update(apply, &before, &channel));
	bool is_told = false;
	if (has_value(in, "permission_overwrites")) {
		TRY(update_overwrites(apply, in, &channel, bits));
		is_told = true;
	}
	if (has_value(in, "private") && in->is_private != channel_is_private(&channel)) {
		TRY(channel_privacy_set(apply, &channel, bits, in->is_private));
		is_told = true;
	}
	if (!is_told)
		TRY(channel_announce(apply, "CHANNEL_UPDATE", &channel));
	channel_to_json(result, "channel", &channel);
	return ERR_OK;
}

/* One item of the order: what it does not name stays. */
static enum err move_one(struct apply *apply, int64_t guild_id, const json_t *item)
{
	struct channel channel;
	uint64_t bits;
	int64_t id = json_id(item, "id"), position = json_int(item, "position");
	const json_t *position_given = json_object_get(item, "position"), *parent = json_object_get(item, "parent_id");
	/* A channel that one may not see, or of elsewhere, is none. */
	TRY(perm_open_channel(apply->db, apply->arena, id, apply->actor_id, &channel, &bits));
	if (channel.guild_id != guild_id || channel_is_thread(&channel))
		return ERR_UNKNOWN_CHANNEL;
	if (!perm_has(bits, PERM_MANAGE_CHANNELS))
		return ERR_MISSING_PERMISSIONS;
	const struct channel before = channel;
	if (position_given != NULL && !json_is_null(position_given)) {
		if (!json_is_integer(position_given) || position < 0 || position > CHANNEL_POSITION_MAX) {
			field_errors_add(&apply->errors, "items", "NUMBER_TYPE_COERCE", "Not a position.");
			return ERR_INVALID_FORM;
		}
		channel.position = position;
	}
	if (parent != NULL) {
		channel.parent_id = json_id(item, "parent_id");
		TRY(channel_check_parent(apply, &channel, channel.parent_id));
	}
	if (channel.position == before.position && channel.parent_id == before.parent_id)
		return ERR_OK;
	TRY(write_down(apply, &channel));
	TRY(audit_update(apply, &before, &channel));
	return channel_announce(apply, "CHANNEL_UPDATE", &channel);
}

enum err channel_order_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct channel_order_input *in = input;
	(void)result;
	TRY(perm_require_guild(apply->db, apply->arena, in->guild_id, apply->actor_id, PERM_MANAGE_CHANNELS));
	if (!json_is_array(in->items) || json_array_size(in->items) > CHANNELS_MAX) {
		field_errors_add(&apply->errors, "items", "LIST_TYPE_CONVERT", "A list of channels is wanted here.");
		return ERR_INVALID_FORM;
	}
	for (size_t i = 0; i < json_array_size(in->items); i++)
		TRY(move_one(apply, in->guild_id, json_array_get(in->items, i)));
	return ERR_OK;
}
