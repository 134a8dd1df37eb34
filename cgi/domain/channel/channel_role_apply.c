/* Who leads a channel: its owner, and its ready-made Admins and Moderators. */
#include "domain/channel/channel_change.h"
#include "domain/channel/channel_member_change.h"
#include "domain/channel/channel_rank.h"

#include <string.h>

static const struct ready_made {
	const char *name;
	enum channel_level level;
	uint64_t bits;
} ready_made[] = {
    {"admin", CHANNEL_LEVEL_ADMIN, PERM_CHANNEL_ADMIN},
    {"moderator", CHANNEL_LEVEL_MODERATOR, PERM_CHANNEL_MODERATOR},
    {"member", CHANNEL_LEVEL_MEMBER, 0},
};

static const struct ready_made *role_named(const char *name)
{
	for (size_t i = 0; i < sizeof(ready_made) / sizeof(ready_made[0]); i++) {
		if (strcmp(ready_made[i].name, name) == 0)
			return &ready_made[i];
	}
	return NULL;
}

/* Nobody makes somebody else their equal, nor changes their equal, nor gives a bit that they lack. */
static enum err check_role(struct apply *apply, const struct channel *channel, uint64_t bits, int64_t user_id,
			   const struct ready_made *role)
{
	struct channel_rank actor, target;
	bool is_in;
	if (!perm_has(bits, PERM_MANAGE_ROLES | role->bits))
		return ERR_MISSING_PERMISSIONS;
	TRY(channel_member_is_in(apply, channel->id, user_id, &is_in));
	if (!is_in)
		return ERR_UNKNOWN_MEMBER;
	TRY(channel_rank_of(apply->db, apply->arena, channel, apply->actor_id, &actor));
	TRY(channel_rank_of(apply->db, apply->arena, channel, user_id, &target));
	return channel_rank_is_above(&actor, &target) && actor.level > role->level ? ERR_OK : ERR_MISSING_PERMISSIONS;
}

static enum err audit_overwrite(struct apply *apply, const struct channel *channel, uint64_t before, uint64_t after,
				int64_t user_id)
{
	struct audit_changes changes;
	struct buf *options = buf_in_arena(apply->arena);
	struct jw jw;
	audit_changes_begin(apply, &changes);
	audit_changed_bits(&changes, "allow", before, after);
	jw_init(&jw, options);
	jw_object(&jw, NULL);
	jw_id(&jw, "id", user_id);
	jw_text(&jw, "type", "1");
	jw_object_end(&jw);
	return audit_append(apply, &(struct audit_entry){.guild_id = channel->guild_id,
							 .action = AUDIT_OVERWRITE_UPDATE,
							 .target_id = channel->id,
							 .changes = &changes,
							 .options = options->p});
}

enum err channel_member_role_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct channel_member_role_input *in = input;
	const struct ready_made *role = role_named(in->role);
	struct channel channel;
	uint64_t bits;
	(void)result;
	TRY(perm_open_channel(apply->db, apply->arena, in->channel_id, apply->actor_id, &channel, &bits));
	if (channel.type != CHANNEL_TYPE_TEXT)
		return ERR_CHANNEL_TYPE;
	if (role == NULL) {
		field_errors_add(&apply->errors, "role", "BASE_TYPE_CHOICES", "One of admin, moderator, member.");
		return ERR_INVALID_FORM;
	}
	TRY(check_role(apply, &channel, bits, in->user_id, role));
	struct perm_overwrite overwrite = channel_overwrite_of_member(&channel, in->user_id);
	uint64_t before = overwrite.allow;
	overwrite.allow = (overwrite.allow & ~PERM_CHANNEL_ADMIN) | role->bits;
	overwrite.deny &= ~role->bits;
	TRY(channel_overwrite_settle(apply, &channel, &overwrite));
	TRY(audit_overwrite(apply, &channel, before, overwrite.allow, in->user_id));
	return channel_announce(apply, "CHANNEL_UPDATE", &channel);
}

/* Whether the channel is the actor's to give away. A time-out takes it out of its owner's hands, as all they may do
 * there. */
static enum err check_giver(struct apply *apply, const struct channel *channel, uint64_t bits)
{
	struct channel_rank actor;
	if (channel->type == CHANNEL_TYPE_GROUP)
		return channel->owner_id == apply->actor_id ? ERR_OK : ERR_MISSING_PERMISSIONS;
	if (channel->type != CHANNEL_TYPE_TEXT)
		return ERR_CHANNEL_TYPE;
	if (!perm_has(bits, PERM_CHANNEL_OWNER))
		return ERR_MISSING_PERMISSIONS;
	TRY(channel_rank_of(apply->db, apply->arena, channel, apply->actor_id, &actor));
	return actor.level >= CHANNEL_LEVEL_OWNER ? ERR_OK : ERR_MISSING_PERMISSIONS;
}

enum err channel_owner_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct channel_owner_input *in = input;
	struct audit_changes changes;
	struct channel channel;
	uint64_t bits;
	bool is_in;
	int64_t is_bot;
	TRY(perm_open_channel(apply->db, apply->arena, in->channel_id, apply->actor_id, &channel, &bits));
	TRY(check_giver(apply, &channel, bits));
	TRY(channel_member_is_in(apply, channel.id, in->user_id, &is_in));
	TRY(sql_find_int(apply->db, QUERY_USER_IS_BOT, SQL_ARGS(sql_id(in->user_id)), &is_bot));
	if (!is_in || is_bot != 0)
		return ERR_UNKNOWN_MEMBER;
	audit_changes_begin(apply, &changes);
	audit_changed_id(&changes, "owner_id", channel.owner_id, in->user_id);
	if (changes.count > 0)
		TRY(channel_audit(apply, &channel, AUDIT_CHANNEL_OWNER_UPDATE, in->user_id, &changes));
	TRY(channel_owner_set(apply, &channel, in->user_id));
	return channel_view_to_json(apply->db, apply->arena, result, "channel", &channel, apply->actor_id);
}
