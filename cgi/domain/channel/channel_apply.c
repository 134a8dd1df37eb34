/* Making channels of a workspace. Changing them is channel_update_apply.c, the end of one channel_delete_apply.c. */
#include "domain/block/block.h"
#include "domain/channel/channel_change.h"
#include "domain/channel/channel_check.h"
#include "domain/channel/channel_member.h"
#include "domain/channel/channel_overwrites.h"

#include <string.h>

/* Writes the channel down and reads it back, so that its event and its reply show it as everyone reads it from now on.
 */
static enum err insert(struct apply *apply, struct channel *channel)
{
	TRY(sql_run(apply->db, QUERY_CHANNEL_INSERT,
		    SQL_ARGS(sql_id(channel->id), sql_id(channel->guild_id), sql_id(channel->home_guild_id),
			     sql_id(channel->parent_id), sql_id(channel->owner_id), sql_int(channel->type),
			     sql_text(channel->name), sql_text(channel->topic), sql_int(channel->position),
			     sql_int(channel->slow_mode_s), sql_int(channel->is_default)),
		    NULL));
	for (size_t i = 0; i < channel->overwrite_count; i++) {
		const struct perm_overwrite *overwrite = &channel->overwrites[i];
		TRY(sql_run(apply->db, QUERY_OVERWRITE_INSERT,
			    SQL_ARGS(sql_id(channel->id), sql_id(overwrite->target_id), sql_int(overwrite->target),
				     sql_int((int64_t)overwrite->allow), sql_int((int64_t)overwrite->deny)),
			    NULL));
	}
	TRY(channel_find(apply->db, apply->arena, channel->id, channel));
	return channel_announce(apply, "CHANNEL_CREATE", channel);
}

enum err channel_create_general(struct apply *apply, int64_t guild_id, int64_t *channel_id)
{
	struct channel channel = {.id = id_next(apply->ids, apply->now_ms),
				  .guild_id = guild_id,
				  .type = CHANNEL_TYPE_TEXT,
				  .name = "general",
				  .is_default = true};
	TRY(sql_find_int(apply->db, QUERY_CHANNEL_GUILD_OWNER, SQL_ARGS(sql_id(guild_id)), &channel.owner_id));
	*channel_id = channel.id;
	return insert(apply, &channel);
}

static struct perm_overwrite *overwrite_for(struct channel *channel, int64_t target_id, enum perm_target target)
{
	for (size_t i = 0; i < channel->overwrite_count; i++) {
		if (channel->overwrites[i].target_id == target_id)
			return &channel->overwrites[i];
	}
	struct perm_overwrite *added = &channel->overwrites[channel->overwrite_count++];
	*added = (struct perm_overwrite){.target_id = target_id, .target = target};
	return added;
}

/* Whoever makes a channel that @everyone may not view is let in by an overwrite of their own, which gives no other bit
 * than those they have. */
static void let_creator_in(const struct perm_member *creator, struct channel *channel)
{
	if (perm_in_channel(creator, channel->overwrites, channel->overwrite_count) != 0)
		return;
	bool is_new = channel_overwrite_of(channel, creator->user_id) == NULL;
	struct perm_overwrite *own = overwrite_for(channel, creator->user_id, PERM_TARGET_MEMBER);
	own->allow |= PERM_VIEW_CHANNEL | (is_new ? perm_base(creator) & PERM_SEND_MESSAGES : 0);
	own->deny &= ~PERM_VIEW_CHANNEL;
}

static void shut_everyone_out(struct channel *channel)
{
	struct perm_overwrite *everyone = overwrite_for(channel, channel->guild_id, PERM_TARGET_ROLE);
	everyone->deny |= PERM_VIEW_CHANNEL;
	everyone->allow &= ~PERM_VIEW_CHANNEL;
}

static enum err next_position(struct apply *apply, const struct channel_create_input *in, int64_t *position)
{
	*position = in->position;
	if (field_is_given(channel_create_fields, &in->set, "position") &&
	    !field_is_nulled(channel_create_fields, &in->set, "position"))
		return ERR_OK;
	TRY(sql_find_int(apply->db, QUERY_CHANNEL_LAST_POSITION, SQL_ARGS(sql_id(in->guild_id)), position));
	(*position)++;
	return ERR_OK;
}

/* Its creator is in it, and in a private one whoever was let in by name: by an overwrite or as a member. */
static enum err put_first_members(struct apply *apply, struct channel *channel, const struct channel_people *people)
{
	bool is_changed;
	if (channel->type != CHANNEL_TYPE_TEXT)
		return ERR_OK;
	TRY(channel_member_put(apply, channel, apply->actor_id, &is_changed));
	if (!channel_is_private(channel))
		return ERR_OK;
	for (size_t i = 0; i < channel->overwrite_count; i++) {
		const struct perm_overwrite *overwrite = &channel->overwrites[i];
		if (overwrite->target == PERM_TARGET_MEMBER && (overwrite->allow & PERM_VIEW_CHANNEL) != 0)
			TRY(channel_member_put(apply, channel, overwrite->target_id, &is_changed));
	}
	for (size_t i = 0; i < people->count; i++)
		TRY(channel_member_put(apply, channel, people->ids[i], &is_changed));
	return ERR_OK;
}

static enum err let_people_in(struct apply *apply, struct channel *channel, const struct channel_people *people)
{
	size_t room = channel->overwrite_count + people->count;
	struct perm_overwrite *list = arena_alloc(apply->arena, room * sizeof(*list));
	memcpy(list, channel->overwrites, channel->overwrite_count * sizeof(*list));
	channel->overwrites = list;
	for (size_t i = 0; i < people->count; i++) {
		struct perm_overwrite *overwrite = overwrite_for(channel, people->ids[i], PERM_TARGET_MEMBER);
		overwrite->allow |= PERM_VIEW_CHANNEL;
		overwrite->deny &= ~PERM_VIEW_CHANNEL;
	}
	return channel->overwrite_count > CHANNEL_OVERWRITES_MAX ? ERR_TOO_MANY : ERR_OK;
}

static enum err check_one(struct apply *apply, int64_t guild_id, int64_t user_id)
{
	struct member member;
	TRY(member_find(apply->db, apply->arena, guild_id, user_id, &member));
	return block_check_adding(apply, user_id);
}

static enum err check_people(struct apply *apply, int64_t guild_id, const struct channel_people *people)
{
	for (size_t i = 0; i < people->count; i++)
		TRY(channel_people_note(apply, "members", people->ids[i], check_one(apply, guild_id, people->ids[i])));
	return channel_people_verdict(apply);
}

static enum err check_count(struct apply *apply, int64_t guild_id)
{
	int64_t count;
	TRY(sql_find_int(apply->db, QUERY_CHANNEL_COUNT, SQL_ARGS(sql_id(guild_id)), &count));
	return count >= CHANNELS_MAX ? ERR_TOO_MANY : ERR_OK;
}

static enum err audit_create(struct apply *apply, const struct channel *channel)
{
	struct audit_changes changes;
	audit_changes_begin(apply, &changes);
	audit_changed_text(&changes, "name", NULL, channel->name);
	audit_changed_text(&changes, "topic", NULL, channel->topic);
	audit_changed_id(&changes, "parent_id", 0, channel->parent_id);
	audit_changed_flag(&changes, "private", false, channel_is_private(channel));
	return channel_audit(apply, channel, AUDIT_CHANNEL_CREATE, channel->id, &changes);
}

/* No bit may be touched that the actor lacks; whom they may touch is not asked, as nobody has anything here yet. */
static enum err check_overwrites(struct apply *apply, const struct channel *channel, uint64_t bits)
{
	for (size_t i = 0; i < channel->overwrite_count; i++) {
		const struct perm_overwrite *overwrite = &channel->overwrites[i];
		if (!perm_has(bits, overwrite->allow | overwrite->deny))
			return ERR_MISSING_PERMISSIONS;
		TRY(channel_overwrite_check_target(apply, channel->guild_id, overwrite));
	}
	return ERR_OK;
}

/* The overwrites that the channel begins with, as they are given and as `private` asks. */
static enum err first_overwrites(struct apply *apply, const struct channel_create_input *in,
				 const struct perm_member *actor, struct channel *channel,
				 struct channel_people *people)
{
	TRY(channel_overwrites_decode(apply, in->permission_overwrites, &channel->overwrites,
				      &channel->overwrite_count));
	TRY(check_overwrites(apply, channel, perm_base(actor)));
	if (in->is_private)
		shut_everyone_out(channel);
	let_creator_in(actor, channel);
	if (!channel_is_private(channel))
		people->count = 0;
	TRY(check_people(apply, in->guild_id, people));
	return let_people_in(apply, channel, people);
}

enum err channel_create_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct channel_create_input *in = input;
	struct perm_member actor;
	struct channel_people people;
	TRY(perm_load_member(apply->db, apply->arena, in->guild_id, apply->actor_id, &actor));
	uint64_t bits = perm_base(&actor);
	if (!perm_has(bits, PERM_MANAGE_CHANNELS))
		return ERR_MISSING_PERMISSIONS;
	TRY(check_count(apply, in->guild_id));
	struct channel channel = {
	    .guild_id = in->guild_id,
	    .parent_id = in->parent_id,
	    .owner_id = apply->actor_id,
	    /* Kinds that Snug has no channel for are made as text, so that a bot's set-up script goes on. */
	    .type = in->type == CHANNEL_TYPE_CATEGORY ? CHANNEL_TYPE_CATEGORY : CHANNEL_TYPE_TEXT,
	    .name = in->name,
	    .topic = in->topic != NULL && in->topic[0] != '\0' ? in->topic : NULL,
	    .slow_mode_s = in->rate_limit_per_user,
	    .is_default = in->is_default,
	};
	if (channel.is_default && channel.type != CHANNEL_TYPE_TEXT)
		return ERR_CHANNEL_TYPE;
	TRY(channel_check_parent(apply, &channel, channel.parent_id));
	TRY(channel_check_name(apply, &channel, channel.name));
	TRY(next_position(apply, in, &channel.position));
	TRY(channel_people_decode(apply, "members", in->members, &people));
	TRY(first_overwrites(apply, in, &actor, &channel, &people));
	channel.id = id_next(apply->ids, apply->now_ms);
	TRY(insert(apply, &channel));
	TRY(put_first_members(apply, &channel, &people));
	TRY(audit_create(apply, &channel));
	channel_to_json(result, "channel", &channel);
	return ERR_OK;
}
