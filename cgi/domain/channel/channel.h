/* Channels of all kinds (Discord's channel object). Who sees a channel of a workspace is decided by permission; who
 * sees a direct message or a group, by channel_members alone. A deleted channel keeps its row, without its name, so
 * that its CHANNEL_DELETE event can still reach those who saw it. Membership is channel_member.h, direct messages and
 * groups are channel_direct.h, overwrites channel_overwrite.h; threads are domain/thread. */
#ifndef SNUG_DOMAIN_CHANNEL_CHANNEL_H
#define SNUG_DOMAIN_CHANNEL_CHANNEL_H

#include "domain/apply.h"
#include "domain/perm.h"
#include "json/json.h"

/* Discord's numbers. */
enum {
	CHANNEL_TYPE_TEXT = 0,
	CHANNEL_TYPE_DM = 1,
	CHANNEL_TYPE_GROUP = 3,
	CHANNEL_TYPE_CATEGORY = 4,
	CHANNEL_TYPE_PUBLIC_THREAD = 11,
	CHANNEL_TYPE_PRIVATE_THREAD = 12,
};
enum {
	CHANNEL_NAME_MAX = 100,
	CHANNEL_TOPIC_MAX = 1024,
	CHANNEL_SLOW_MODE_MAX_S = 21600,
	CHANNEL_POSITION_MAX = 100000,
	CHANNELS_MAX = 500,
	/* Each member of a private channel has one. With as many a channel's event still fits into the log. */
	CHANNEL_OVERWRITES_MAX = 800,
};

struct channel {
	int64_t id;
	int64_t guild_id;      /* 0: a direct message or group */
	int64_t home_guild_id; /* of a group: all its people are members of that workspace */
	int64_t parent_id, owner_id;
	int type;
	const char *name, *topic; /* a group without a name has "" */
	int64_t position, slow_mode_s, last_message_id;
	int64_t archived_at_ms; /* 0: it is not */
	bool is_default;        /* newcomers to the workspace land in it */
	bool is_deleted;
	bool is_locked;                    /* a thread in which only moderators write */
	struct perm_overwrite *overwrites; /* in the arena; a thread has none */
	size_t overwrite_count;
};

/* Whether it is a direct message or a group. */
bool channel_is_direct(const struct channel *channel);

/* Whether it is a thread (domain/thread): it stands in no list of channels, and its parent says who may do what. */
bool channel_is_thread(const struct channel *channel);

/* Whether @everyone may not view it: that is all that makes a channel of a workspace private. Of a thread, whether it
 * is one for those in it alone. */
bool channel_is_private(const struct channel *channel);

/* The overwrite of that role or member; NULL when there is none. */
const struct perm_overwrite *channel_overwrite_of(const struct channel *channel, int64_t target_id);

/* ERR_UNKNOWN_CHANNEL when there is none or it is deleted. Says nothing about who may see it. */
enum err channel_find(struct sql *db, struct arena *arena, int64_t channel_id, struct channel *out) MUST_USE;

/* As channel_find, a deleted one included. */
enum err channel_find_any(struct sql *db, struct arena *arena, int64_t channel_id, struct channel *out) MUST_USE;

/* The guild's channels that the user may view, by position and id, in the arena. ERR_UNKNOWN_GUILD for strangers. */
enum err channel_list_visible(struct sql *db, struct arena *arena, int64_t guild_id, int64_t user_id,
			      struct channel **list, size_t *count) MUST_USE;

/* A channel of a workspace, the same for everybody who sees it. Beside Discord's members it has owner_id, archived,
 * default and private. */
void channel_to_json(struct jw *jw, const char *key, const struct channel *channel);

/* A channel of any kind as this user sees it: recipients are the others. */
enum err channel_view_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			      const struct channel *channel, int64_t user_id) MUST_USE;

/* An array of the guild's channels that the user may view, by position and id. */
enum err channel_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t guild_id,
			      int64_t user_id) MUST_USE;

/* Whether the channel takes messages of somebody who has the permission: neither it nor the channel of a thread is
 * archived, and a direct message's two people still share a workspace and none blocked the other. ERR_NON_TEXT_CHANNEL,
 * ERR_ARCHIVED, ERR_CANNOT_DM. */
enum err channel_require_open(struct sql *db, struct arena *arena, const struct channel *channel,
			      int64_t user_id) MUST_USE;

/* An array of the direct messages and groups that the user is in and has not closed, newest activity first. */
enum err channel_list_direct_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
				     int64_t user_id) MUST_USE;

/* Parts of other nouns' apply functions. */

/* Makes #general of a new workspace, which its owner owns: part of guild_create. */
enum err channel_create_general(struct apply *apply, int64_t guild_id, int64_t *channel_id) MUST_USE;

/* Lets a person who has just become a member of the workspace into its default channels. Bots join none. */
enum err channel_join_defaults(struct apply *apply, int64_t guild_id, int64_t user_id) MUST_USE;

/* Takes somebody who is no longer a member of the workspace (their members row is gone) out of its channels and groups:
 * membership, overwrites, ownership, which goes to the longest-standing member. Bans from single channels stay. */
enum err channel_leave_guild(struct apply *apply, int64_t guild_id, int64_t user_id) MUST_USE;

/* Makes another person the owner of every channel and group that somebody owns in the workspaces of that person, and
 * lets them in where they are not; *count is how many. Where that cannot be (a ban from the channel, a full group) it
 * is passed over. */
enum err channel_hand_over(struct apply *apply, int64_t from_id, int64_t to_id, int64_t *count) MUST_USE;

/* Takes away the overwrites of a role that is about to be deleted, and tells everybody who sees those channels. */
enum err channel_role_gone(struct apply *apply, int64_t guild_id, int64_t role_id) MUST_USE;

/* What one person may see, for an op that changes one person's permissions: noted before, and afterwards compared.
 * Every channel that appeared or vanished is told to that person (CHANNEL_CREATE, CHANNEL_DELETE), and who no longer
 * sees a channel is no longer in it. */
struct channel_access {
	int64_t guild_id, user_id;
	struct channel *channels; /* by position and id */
	size_t count;
};
enum err channel_access_note(struct apply *apply, int64_t guild_id, int64_t user_id,
			     struct channel_access *out) MUST_USE;
enum err channel_access_changed(struct apply *apply, const struct channel_access *before) MUST_USE;

/* What somebody must satisfy who posts, beyond permission: channel_require_open, and slow mode has passed. Notes the time
 * of the post for slow mode, and opens a thread that is archived. bits are the author's in the channel. Its errors, and
 * ERR_SLOW_MODE (with retry_after_ms). */
enum err channel_before_post(struct apply *apply, const struct channel *channel, uint64_t bits) MUST_USE;

/* The same for who answers without writing, by a reaction, a vote or a pin: no archive, no time-out, a direct message
 * that is open. bits are the actor's in the channel. ERR_NON_TEXT_CHANNEL, ERR_ARCHIVED, ERR_CANNOT_DM,
 * ERR_MISSING_PERMISSIONS.
 */
enum err channel_before_response(struct apply *apply, const struct channel *channel, uint64_t bits) MUST_USE;

/* Joins the author, a person, to the channel of a workspace unless is_member says that they are in it; shows a direct
 * message again to who had closed it. Before the message's own event. */
enum err channel_join_by_post(struct apply *apply, const struct channel *channel, bool is_member) MUST_USE;

/* Inputs of ops. */

struct channel_create_input {
	struct field_set set;
	int64_t guild_id;
	const char *name, *topic;
	int64_t type, position, parent_id, rate_limit_per_user;
	bool is_private; /* "private": @everyone may not view it, whatever permission_overwrites say of that */
	bool is_default; /* "default" */
	json_t *members; /* ids of who is in it from the start; a public channel starts with its creator alone */
	json_t *permission_overwrites;
};
extern const struct field channel_create_fields[];
apply_function channel_create_apply; /* {"channel":{…}} */

struct channel_update_input {
	struct field_set set;
	int64_t channel_id;
	const char *name, *topic;
	int64_t position, parent_id, rate_limit_per_user;
	bool archived;
	bool is_private;               /* "private": who is in it then stays */
	bool is_default;               /* "default" */
	json_t *permission_overwrites; /* what there are from then on */
	/* Of a thread alone, with name, rate_limit_per_user and archived. */
	bool locked, invitable;
	int64_t auto_archive_duration;
};
extern const struct field channel_update_fields[];
apply_function
    channel_update_apply; /* {"channel":{…}}; of a group only the name changes, a thread has rules of its own */

struct channel_delete_input {
	struct field_set set;
	int64_t channel_id;
};
extern const struct field channel_delete_fields[];
/* {"channel":{…}}. A channel of a workspace or a thread is deleted, a direct message closed for the actor until the
 * next message, a group left. */
apply_function channel_delete_apply;

struct channel_order_input {
	struct field_set set;
	int64_t guild_id;
	json_t *items; /* [{"id", "position", "parent_id"}]: what is absent stays, parent_id null is no category */
};
extern const struct field channel_order_fields[];
apply_function channel_order_apply; /* {} */

/* Deletes every channel of a workspace that goes, its groups included: part of guild_delete. Only the groups have a
 * CHANNEL_DELETE of their own, as no client knows whose they are. */
enum err channel_delete_all(struct apply *apply, int64_t guild_id) MUST_USE;

/* Takes some messages of deleted channels from the disk, event log included; *is_done when none are left. Store only.
 */
enum err channel_purge(struct apply *apply, bool *is_done) MUST_USE;

#endif
