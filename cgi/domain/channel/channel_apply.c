/* Changes of channels. */
#include "domain/channel/channel.h"
#include "domain/channel/channel_overwrites.h"
#include "domain/event/event.h"

#include <string.h>

static enum err announce(struct apply *apply, const char *type, const struct channel *channel)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	channel_to_json(&jw, NULL, channel);
	struct event event = {.type = type,
			      .guild_id = channel->guild_id,
			      .channel_id = channel->id,
			      .payload = payload->p,
			      .payload_n = payload->n};
	return event_append(apply, &event);
}

/* A name is taken when another live channel of the kind has it; except_id is the one that keeps its own. */
static enum err check_name(struct apply *apply, int64_t guild_id, int type, const char *name, int64_t except_id)
{
	int64_t other;
	TRY(sql_find_int(apply->db, QUERY_CHANNEL_FIND_BY_NAME,
			 SQL_ARGS(sql_id(guild_id), sql_int(type), sql_text(name)), &other));
	return other != 0 && other != except_id ? ERR_CHANNEL_NAME_TAKEN : ERR_OK;
}

/* A category that the actor may not view is none, or the answer would tell that it is there. */
static enum err check_parent(struct apply *apply, int64_t guild_id, int type, int64_t parent_id)
{
	struct channel parent;
	uint64_t bits;
	if (parent_id == 0)
		return ERR_OK;
	enum err err = perm_of_channel(apply->db, apply->arena, parent_id, apply->actor_id, &bits);
	if (err == ERR_OK)
		err = channel_find(apply->db, apply->arena, parent_id, &parent);
	if (err != ERR_OK && err != ERR_UNKNOWN_CHANNEL)
		return err;
	if (err == ERR_OK && parent.guild_id == guild_id && parent.type == CHANNEL_TYPE_CATEGORY &&
	    type != CHANNEL_TYPE_CATEGORY)
		return ERR_OK;
	field_errors_add(&apply->errors, "parent_id", "CHANNEL_PARENT_INVALID", "Not a category of this workspace.");
	return ERR_INVALID_FORM;
}

/* Writes the channel down and reads it back, so that its event and its reply show it as everyone reads it from now on.
 */
static enum err insert(struct apply *apply, struct channel *channel)
{
	TRY(sql_run(apply->db, QUERY_CHANNEL_INSERT,
		    SQL_ARGS(sql_id(channel->id), sql_id(channel->guild_id), sql_id(channel->parent_id),
			     sql_int(channel->type), sql_text(channel->name), sql_text(channel->topic),
			     sql_int(channel->position), sql_int(channel->slow_mode_s)),
		    NULL));
	for (size_t i = 0; i < channel->overwrite_count; i++) {
		const struct perm_overwrite *overwrite = &channel->overwrites[i];
		TRY(sql_run(apply->db, QUERY_OVERWRITE_INSERT,
			    SQL_ARGS(sql_id(channel->id), sql_id(overwrite->target_id), sql_int(overwrite->target),
				     sql_int((int64_t)overwrite->allow), sql_int((int64_t)overwrite->deny)),
			    NULL));
	}
	TRY(channel_find(apply->db, apply->arena, channel->id, channel));
	return announce(apply, "CHANNEL_CREATE", channel);
}

enum err channel_create_general(struct apply *apply, int64_t guild_id, int64_t *channel_id)
{
	struct channel channel = {.id = id_next(apply->ids, apply->now_ms),
				  .guild_id = guild_id,
				  .type = CHANNEL_TYPE_TEXT,
				  .name = "general"};
	*channel_id = channel.id;
	return insert(apply, &channel);
}

/* Whoever makes a channel that @everyone may not view is let in by an overwrite of their own, which gives no other bit
 * than those they have. */
static void let_creator_in(const struct perm_member *creator, struct channel *channel)
{
	if (perm_in_channel(creator, channel->overwrites, channel->overwrite_count) != 0)
		return;
	for (size_t i = 0; i < channel->overwrite_count; i++) {
		struct perm_overwrite *overwrite = &channel->overwrites[i];
		if (overwrite->target == PERM_TARGET_MEMBER && overwrite->target_id == creator->user_id) {
			overwrite->allow |= PERM_VIEW_CHANNEL;
			overwrite->deny &= ~PERM_VIEW_CHANNEL;
			return;
		}
	}
	channel->overwrites[channel->overwrite_count++] =
	    (struct perm_overwrite){.target_id = creator->user_id,
				    .target = PERM_TARGET_MEMBER,
				    .allow = PERM_VIEW_CHANNEL | (perm_base(creator) & PERM_SEND_MESSAGES)};
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

enum err channel_create_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct channel_create_input *in = input;
	struct perm_member actor;
	int64_t count;
	TRY(perm_load_member(apply->db, apply->arena, in->guild_id, apply->actor_id, &actor));
	uint64_t bits = perm_base(&actor);
	if (!perm_has(bits, PERM_MANAGE_CHANNELS))
		return ERR_MISSING_PERMISSIONS;
	TRY(sql_find_int(apply->db, QUERY_CHANNEL_COUNT, SQL_ARGS(sql_id(in->guild_id)), &count));
	if (count >= CHANNELS_MAX)
		return ERR_TOO_MANY;

	struct channel channel = {
	    .guild_id = in->guild_id,
	    .parent_id = in->parent_id,
	    /* Kinds that Snug has no channel for are made as text, so that a bot's set-up script goes on. */
	    .type = in->type == CHANNEL_TYPE_CATEGORY ? CHANNEL_TYPE_CATEGORY : CHANNEL_TYPE_TEXT,
	    .name = in->name,
	    .topic = in->topic != NULL && in->topic[0] != '\0' ? in->topic : NULL,
	    .slow_mode_s = in->rate_limit_per_user,
	};
	TRY(check_parent(apply, channel.guild_id, channel.type, channel.parent_id));
	TRY(check_name(apply, channel.guild_id, channel.type, channel.name, 0));
	TRY(next_position(apply, in, &channel.position));
	TRY(channel_overwrites_decode(apply, in->guild_id, bits, in->permission_overwrites, &channel.overwrites,
				      &channel.overwrite_count));
	let_creator_in(&actor, &channel);
	channel.id = id_next(apply->ids, apply->now_ms);
	TRY(insert(apply, &channel));
	channel_to_json(result, "channel", &channel);
	return ERR_OK;
}

enum err channel_update_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct channel_update_input *in = input;
	struct channel channel;
	TRY(perm_require_channel(apply->db, apply->arena, in->channel_id, apply->actor_id, PERM_MANAGE_CHANNELS));
	TRY(channel_find(apply->db, apply->arena, in->channel_id, &channel));
	if (in->name != NULL) {
		TRY(check_name(apply, channel.guild_id, channel.type, in->name, channel.id));
		channel.name = in->name;
	}
	if (field_is_given(channel_update_fields, &in->set, "topic"))
		channel.topic = in->topic != NULL && in->topic[0] != '\0' ? in->topic : NULL;
	if (field_is_given(channel_update_fields, &in->set, "position") &&
	    !field_is_nulled(channel_update_fields, &in->set, "position"))
		channel.position = in->position;
	if (field_is_given(channel_update_fields, &in->set, "parent_id")) {
		TRY(check_parent(apply, channel.guild_id, channel.type, in->parent_id));
		channel.parent_id = in->parent_id;
	}
	if (field_is_given(channel_update_fields, &in->set, "rate_limit_per_user"))
		channel.slow_mode_s = in->rate_limit_per_user;
	TRY(sql_run(apply->db, QUERY_CHANNEL_UPDATE,
		    SQL_ARGS(sql_id(channel.id), sql_id(channel.parent_id), sql_text(channel.name),
			     sql_text(channel.topic), sql_int(channel.position), sql_int(channel.slow_mode_s)),
		    NULL));
	TRY(announce(apply, "CHANNEL_UPDATE", &channel));
	channel_to_json(result, "channel", &channel);
	return ERR_OK;
}

/* What stood in a category that goes stands by itself. */
static enum err free_children(struct apply *apply, const struct channel *category)
{
	int64_t *ids = arena_alloc(apply->arena, CHANNELS_MAX * sizeof(*ids));
	size_t count = 0;
	struct sql_stmt *stmt;
	TRY(sql_start(apply->db, QUERY_CHANNEL_LIST_CHILDREN, SQL_ARGS(sql_id(category->id)), &stmt));
	while (count < CHANNELS_MAX && sql_step(stmt))
		ids[count++] = sql_column_int(stmt, 0);
	TRY(sql_finish(stmt));
	TRY(sql_run(apply->db, QUERY_CHANNEL_ORPHAN_CHILDREN, SQL_ARGS(sql_id(category->id)), NULL));
	for (size_t i = 0; i < count; i++) {
		struct channel child;
		TRY(channel_find(apply->db, apply->arena, ids[i], &child));
		TRY(announce(apply, "CHANNEL_UPDATE", &child));
	}
	return ERR_OK;
}

enum err channel_delete_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct channel_delete_input *in = input;
	struct channel channel;
	TRY(perm_require_channel(apply->db, apply->arena, in->channel_id, apply->actor_id, PERM_MANAGE_CHANNELS));
	TRY(channel_find(apply->db, apply->arena, in->channel_id, &channel));
	TRY(free_children(apply, &channel));
	TRY(sql_run(apply->db, QUERY_CHANNEL_DELETE_INVITES, SQL_ARGS(sql_id(channel.guild_id), sql_id(channel.id)),
		    NULL));
	TRY(announce(apply, "CHANNEL_DELETE", &channel));
	/* Its messages are out of reach from here on; channel_purge takes them from the disk a few at a time. */
	TRY(sql_run(apply->db, QUERY_CHANNEL_MARK_DELETED, SQL_ARGS(sql_id(channel.id), sql_int(apply->now_ms)), NULL));
	channel_to_json(result, "channel", &channel);
	return ERR_OK;
}
