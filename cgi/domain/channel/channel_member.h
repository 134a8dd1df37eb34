/* Who is in a channel: the one source of membership for all kinds. In a channel of a workspace it says who joined; who
 * may see it is permission's to say, and nobody is in a channel that they may not see. Adding somebody to a private
 * channel gives them a member overwrite that allows VIEW_CHANNEL, removing them takes it. In a direct message or group
 * it is all there is.
 *
 * Ranks within a channel, from above: the workspace's owner, ADMINISTRATOR, the channel's owner, its Admins (who may
 * MANAGE_CHANNELS there), its Moderators (KICK_MEMBERS), everybody else; of two in the same place the one with the
 * higher role in the workspace stands above. */
#ifndef SNUG_DOMAIN_CHANNEL_CHANNEL_MEMBER_H
#define SNUG_DOMAIN_CHANNEL_CHANNEL_MEMBER_H

#include "domain/channel/channel.h"

enum { CHANNEL_MEMBERS_AT_ONCE_MAX = 50, CHANNEL_MEMBERS_PAGE_MAX = 100, CHANNEL_BAN_REASON_MAX = 512 };

/* How long a channel stays muted when nobody says: until it is taken back. */
#define CHANNEL_MUTED_FOR_GOOD INT64_C(0)

struct channel_member {
	int64_t channel_id, user_id;
	int64_t joined_at_ms;
	bool is_muted;          /* now */
	int64_t muted_until_ms; /* CHANNEL_MUTED_FOR_GOOD, or when it ends; only while is_muted */
	int notification_level; /* 0 all, 1 mentions, 2 nothing; -1: as the person has it everywhere */
	bool is_hidden;         /* a direct message that this person closed */
};

/* ERR_UNKNOWN_MEMBER when the user is not in the channel. */
enum err channel_member_find(struct sql *db, int64_t channel_id, int64_t user_id, int64_t now_ms,
			     struct channel_member *out) MUST_USE;

/* An array of {"user", "joined_at", "role"} by user id, after that id (0: from the start). role is "owner", "admin",
 * "moderator" or "member", as given in this channel. Who may no longer see the channel is left out. */
enum err channel_member_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
				     const struct channel *channel, int64_t after, int limit) MUST_USE;

/* One of them; ERR_UNKNOWN_MEMBER. */
enum err channel_member_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
				const struct channel *channel, int64_t user_id) MUST_USE;

/* What the person alone is shown: {"channel_id", "joined_at", "muted", "muted_until", "notification_level"}. */
void channel_settings_to_json(struct jw *jw, const char *key, const struct channel_member *member);

/* How many people are in it. */
enum err channel_member_count(struct sql *db, int64_t channel_id, int64_t *count) MUST_USE;

/* An array of {"user", "reason", "banned_by", "created_at"} by user id. */
enum err channel_ban_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
				  int64_t channel_id) MUST_USE;

/* Inputs of ops. Of several people all are added or removed, or none: each refusal is named in errors, by its place in
 * the list. */

struct channel_join_input {
	struct field_set set;
	int64_t channel_id;
};
extern const struct field channel_join_fields[];
apply_function channel_join_apply; /* {} */

struct channel_leave_input {
	struct field_set set;
	int64_t channel_id;
};
extern const struct field channel_leave_fields[];
apply_function channel_leave_apply; /* {}; ERR_LAST_MEMBER: a private channel's last one archives it first */

struct channel_member_add_input {
	struct field_set set;
	int64_t channel_id;
	int64_t user_id; /* one alone, or */
	json_t *users;   /* ids */
};
extern const struct field channel_member_add_fields[];
apply_function channel_member_add_apply; /* {} */

struct channel_member_remove_input {
	struct field_set set;
	int64_t channel_id;
	int64_t user_id;
	json_t *users;
};
extern const struct field channel_member_remove_fields[];
apply_function channel_member_remove_apply; /* {} */

struct channel_member_role_input {
	struct field_set set;
	int64_t channel_id, user_id;
	const char *role; /* "admin", "moderator" or "member" */
};
extern const struct field channel_member_role_fields[];
apply_function channel_member_role_apply; /* {} */

struct channel_owner_input {
	struct field_set set;
	int64_t channel_id, user_id;
};
extern const struct field channel_owner_fields[];
apply_function channel_owner_apply; /* {"channel":{…}} */

struct channel_settings_input {
	struct field_set set;
	int64_t channel_id;
	bool muted;
	int64_t mute_for_s;         /* or */
	const char *muted_until;    /* ISO 8601; neither: until it is taken back */
	int64_t notification_level; /* null: as the person has it everywhere */
};
extern const struct field channel_settings_fields[];
apply_function channel_settings_apply; /* {"settings":{…}} */

struct channel_ban_create_input {
	struct field_set set;
	int64_t channel_id, user_id;
};
extern const struct field channel_ban_create_fields[];
apply_function channel_ban_create_apply; /* {}; the reason is the op's */

struct channel_ban_delete_input {
	struct field_set set;
	int64_t channel_id, user_id;
};
extern const struct field channel_ban_delete_fields[];
apply_function channel_ban_delete_apply; /* {} */

#endif
