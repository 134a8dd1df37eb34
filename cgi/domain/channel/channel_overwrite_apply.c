/* One overwrite at a time, as Discord's API has them. */
#include "domain/channel/channel_change.h"
#include "domain/channel/channel_overwrite.h"
#include "domain/channel/channel_overwrites.h"

const struct field overwrite_put_fields[] = {
    {.name = "channel_id",
     .type = FIELD_ID,
     .flags = FIELD_REQUIRED,
     .offset = offsetof(struct overwrite_put_input, channel_id)},
    {.name = "target_id",
     .type = FIELD_ID,
     .flags = FIELD_REQUIRED,
     .offset = offsetof(struct overwrite_put_input, target_id)},
    {.name = "type",
     .type = FIELD_INT,
     .flags = FIELD_REQUIRED,
     .min = PERM_TARGET_ROLE,
     .max = PERM_TARGET_MEMBER,
     .offset = offsetof(struct overwrite_put_input, type)},
    {.name = "allow", .type = FIELD_BITS, .offset = offsetof(struct overwrite_put_input, allow)},
    {.name = "deny", .type = FIELD_BITS, .offset = offsetof(struct overwrite_put_input, deny)},
    {0}};

const struct field overwrite_delete_fields[] = {{.name = "channel_id",
						 .type = FIELD_ID,
						 .flags = FIELD_REQUIRED,
						 .offset = offsetof(struct overwrite_delete_input, channel_id)},
						{.name = "target_id",
						 .type = FIELD_ID,
						 .flags = FIELD_REQUIRED,
						 .offset = offsetof(struct overwrite_delete_input, target_id)},
						{0}};

static bool lets_in(const struct perm_overwrite *overwrite)
{
	return overwrite != NULL && (overwrite->allow & PERM_VIEW_CHANNEL) != 0;
}

/* In a private channel the overwrite of a member that lets them in and their place among its members are one thing. */
static enum err keep_in_step(struct apply *apply, struct channel *channel,
			     const struct channel_overwrite_change *change, int64_t user_id)
{
	bool is_changed;
	if (channel->type != CHANNEL_TYPE_TEXT || !channel_is_private(channel))
		return ERR_OK;
	if (lets_in(change->after))
		return channel_member_put(apply, channel, user_id, &is_changed);
	return lets_in(change->before) ? channel_member_drop(apply, channel, user_id, &is_changed) : ERR_OK;
}

static enum err change_member(struct apply *apply, struct channel *channel, uint64_t bits,
			      const struct channel_overwrite_change *change, int64_t user_id)
{
	bool saw_before;
	TRY(channel_is_seen_by(apply, channel, user_id, &saw_before));
	TRY(channel_overwrite_apply_change(apply, channel, bits, change));
	TRY(channel_viewer_changed(apply, channel, user_id, saw_before));
	return keep_in_step(apply, channel, change, user_id);
}

static enum err change_role(struct apply *apply, struct channel *channel, uint64_t bits,
			    const struct channel_overwrite_change *change)
{
	struct channel_viewers before;
	TRY(channel_viewers_list(apply, channel, &before));
	TRY(channel_overwrite_apply_change(apply, channel, bits, change));
	return channel_viewers_changed(apply, channel, &before);
}

static enum err change(struct apply *apply, struct channel *channel, uint64_t bits,
		       const struct channel_overwrite_change *change)
{
	const struct perm_overwrite *target = change->before != NULL ? change->before : change->after;
	if (channel_overwrite_is_same(change))
		return ERR_OK;
	return target->target == PERM_TARGET_MEMBER ? change_member(apply, channel, bits, change, target->target_id)
						    : change_role(apply, channel, bits, change);
}

/* A channel of a workspace in which the actor may change permissions at all. */
static enum err find(struct apply *apply, int64_t channel_id, struct channel *channel, uint64_t *bits)
{
	TRY(perm_open_channel(apply->db, apply->arena, channel_id, apply->actor_id, channel, bits));
	if (channel_is_direct(channel) || channel_is_thread(channel))
		return ERR_CHANNEL_TYPE;
	return perm_has(*bits, PERM_MANAGE_ROLES) ? ERR_OK : ERR_MISSING_PERMISSIONS;
}

enum err overwrite_put_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct overwrite_put_input *in = input;
	const struct perm_overwrite after = {
	    .target_id = in->target_id,
	    .target = in->type == PERM_TARGET_MEMBER ? PERM_TARGET_MEMBER : PERM_TARGET_ROLE,
	    .allow = in->allow,
	    .deny = in->deny,
	};
	struct channel channel;
	uint64_t bits;
	(void)result;
	TRY(find(apply, in->channel_id, &channel, &bits));
	if ((in->allow & in->deny) != 0) {
		field_errors_add(&apply->errors, "deny", "OVERWRITE_OVERLAP",
				 "The same bit cannot be allowed and denied.");
		return ERR_INVALID_FORM;
	}
	const struct channel_overwrite_change what = {channel_overwrite_of(&channel, in->target_id), &after};
	return change(apply, &channel, bits, &what);
}

enum err overwrite_delete_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct overwrite_delete_input *in = input;
	struct channel channel;
	uint64_t bits;
	(void)result;
	TRY(find(apply, in->channel_id, &channel, &bits));
	const struct channel_overwrite_change what = {channel_overwrite_of(&channel, in->target_id), NULL};
	return what.before != NULL ? change(apply, &channel, bits, &what) : ERR_UNKNOWN_OVERWRITE;
}
