/* Workspaces: guilds in code and API (Discord's guild object). */
#ifndef SNUG_DOMAIN_GUILD_GUILD_H
#define SNUG_DOMAIN_GUILD_GUILD_H

#include "domain/apply.h"

struct guild {
	int64_t id, owner_id;
	const char *name;
	const char *icon; /* hash of a picture, or NULL */
	const char *description;
};

enum { GUILD_NAME_MIN = 2, GUILD_NAME_MAX = 100, GUILD_DESCRIPTION_MAX = 300 };

/* ERR_UNKNOWN_GUILD when there is none or it is deleted. Says nothing about who may see it. */
enum err guild_find(struct sql *db, struct arena *arena, int64_t guild_id, struct guild *out) MUST_USE;

/* Writes an array of the user's guilds, {id,name,icon,owner,permissions,features} each, by id, between after and before
 * (0: no bound), at most limit. */
enum err guild_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t user_id,
			    int64_t before, int64_t after, int limit) MUST_USE;

/* The guild's first channel that the user may see; 0 when there is none. */
enum err guild_first_channel(struct sql *db, struct arena *arena, int64_t guild_id, int64_t user_id,
			     int64_t *channel_id) MUST_USE;

/* The first of them that a member without any role may see too; 0 when there is none. ERR_UNKNOWN_GUILD when the user
 * is no member. */
enum err guild_first_common_channel(struct sql *db, struct arena *arena, int64_t guild_id, int64_t user_id,
				    int64_t *channel_id) MUST_USE;

/* The user's guild of lowest id; 0 when there is none. */
enum err guild_first_of_user(struct sql *db, int64_t user_id, int64_t *guild_id) MUST_USE;

enum err guild_count_members(struct sql *db, int64_t guild_id, int64_t *count) MUST_USE;

/* The member of that user name, in any case; 0 when there is none. */
enum err guild_find_member(struct sql *db, int64_t guild_id, const char *username, int64_t *user_id) MUST_USE;

/* The full object without channels and members: with roles and emojis. */
enum err guild_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
		       const struct guild *guild) MUST_USE;

/* The same with approximate_member_count. */
enum err guild_counted_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			       const struct guild *guild) MUST_USE;

/* Makes a workspace with @everyone, the ready roles and #general, and its owner as member: part of another apply. */
enum err guild_create(struct apply *apply, int64_t owner_id, const char *name, int64_t *guild_id,
		      int64_t *channel_id) MUST_USE;

/* ERR_MISSING_PERMISSIONS, ERR_BOT_FORBIDDEN or ERR_TOO_MANY_GUILDS unless the account may make one more workspace: the
 * keys workspace_creation and workspaces_owned_max decide. */
enum err guild_check_creator(struct apply *apply, int64_t user_id) MUST_USE;

/* Makes another person the owner of every workspace that somebody owns and the other is a member of, with its line in the
 * audit log; *count is how many. Says nothing about who may do this: part of another apply. */
enum err guild_hand_over(struct apply *apply, int64_t from_id, int64_t to_id, int64_t *count) MUST_USE;

struct guild_create_input {
	struct field_set set;
	const char *name;
	const char *picture; /* the icon, or NULL: base64url of front/picture.h's */
};
extern const struct field guild_create_fields[];
apply_function guild_create_apply; /* {"guild":{…},"guild_id":"…","channel_id":"…"} */

struct guild_update_input {
	struct field_set set;
	int64_t guild_id;
	const char *name, *description;
	const char *picture; /* the icon: base64url of front/picture.h's; null: none any more */
	int64_t owner_id;    /* somebody else: who owns it from now on */
};
extern const struct field guild_update_fields[];
apply_function guild_update_apply; /* {"guild":{…}} */

struct guild_delete_input {
	struct field_set set;
	int64_t guild_id;
	const char *name; /* the workspace's, typed to confirm */
};
extern const struct field guild_delete_fields[];
/* Everybody is out at once; what it held goes from the disk in small portions: channel_purge, then guild_purge. */
apply_function guild_delete_apply;

struct guild_leave_input {
	struct field_set set;
	int64_t guild_id;
};
extern const struct field guild_leave_fields[];
apply_function guild_leave_apply;

/* Takes some of what deleted workspaces held, beside their channels, from the disk; *is_done when nothing is left.
 * Store only. */
enum err guild_purge(struct sql *db, bool *is_done) MUST_USE;

#endif
