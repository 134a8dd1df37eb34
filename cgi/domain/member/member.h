/* Members of a workspace. */
#ifndef SNUG_DOMAIN_MEMBER_MEMBER_H
#define SNUG_DOMAIN_MEMBER_MEMBER_H

#include "domain/apply.h"
#include "json/json.h"

struct member {
	int64_t guild_id, user_id;
	const char *nickname;
	int64_t joined_at_ms;
	int64_t timeout_until_ms; /* 0: none; it may be over */
};

enum { MEMBER_NICKNAME_MAX = 32, MEMBER_QUERY_MAX = 100, MEMBERS_PAGE_MAX = 1000 };

/* How far ahead a time-out may end: 28 days, as in Discord. */
#define MEMBER_TIMEOUT_MAX_MS (INT64_C(28) * 24 * 3600 * 1000)

/* ERR_UNKNOWN_MEMBER when there is none. */
enum err member_find(struct sql *db, struct arena *arena, int64_t guild_id, int64_t user_id,
		     struct member *out) MUST_USE;

/* Adds a member with its events; already a member is fine and changes nothing (*is_new false). Part of another apply.
 */
enum err member_add(struct apply *apply, int64_t guild_id, int64_t user_id, bool *is_new) MUST_USE;

/* Ends a membership with all that hangs on it: roles, overwrites of the member's own, places in the workspace's
 * channels and groups, ownership of channels; with its events, of which the one who is out gets GUILD_DELETE. Invites
 * that they made stay. ERR_UNKNOWN_MEMBER. Says nothing about who may do this, nor about the owner: part of another
 * apply. */
enum err member_remove(struct apply *apply, int64_t guild_id, int64_t user_id) MUST_USE;

/* How long somebody who came by a temporary invite stays without a role. */
#define MEMBER_TEMPORARY_MS INT64_C(86400000)

/* Ends some of the temporary memberships whose time is over, and makes lasting ones of those with a role; *is_done when
 * none are left. The store does this for itself. */
enum err member_end_temporary(struct apply *apply, bool *is_done) MUST_USE;

/* Which members of a workspace: those after a user id, at most limit of them; of query (NULL: all) those in whose user
 * name, name or nickname it stands, in any case; of role_id (0: all) those who have the role. */
struct member_page {
	int64_t after;
	int limit; /* 1 to MEMBERS_PAGE_MAX */
	const char *query;
	int64_t role_id;
};

/* An array of member objects by user id. */
enum err member_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t guild_id,
			     const struct member_page *page) MUST_USE;

/* Discord's member object, with user. */
enum err member_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			const struct member *member) MUST_USE;

/* As above with guild_id: the payload of GUILD_MEMBER_ADD and GUILD_MEMBER_UPDATE. */
enum err member_added_to_json(struct sql *db, struct arena *arena, struct jw *jw, const struct member *member) MUST_USE;

/* As member_to_json without user: what goes beside a message's author. */
enum err member_partial_to_json(struct sql *db, struct jw *jw, const char *key, const struct member *member) MUST_USE;

/* The members of that object alone, into an object that is open. */
enum err member_members_to_json(struct sql *db, struct jw *jw, const struct member *member) MUST_USE;

/* Who changes somebody stands strictly above them; nobody manages the owner. Own roles and the own nickname are
 * changed without that. A role is given and taken by those above it, and given by none who lack one of its bits. */
struct member_update_input {
	struct field_set set;
	int64_t guild_id, user_id;
	const char *nick;                         /* null or empty: none */
	json_t *roles;                            /* all that the member is to have */
	const char *communication_disabled_until; /* ISO 8601; null or a past time ends the time-out */
};
extern const struct field member_update_fields[];
apply_function member_update_apply; /* {"member":{…}} */

struct member_nickname_input {
	struct field_set set;
	int64_t guild_id;
	const char *nick;
};
extern const struct field member_nickname_fields[];
apply_function member_nickname_apply; /* the actor's own: {"member":{…}} */

struct member_role_add_input {
	struct field_set set;
	int64_t guild_id, user_id, role_id;
};
extern const struct field member_role_add_fields[];
apply_function member_role_add_apply; /* {}; one that is there already is fine */

struct member_role_remove_input {
	struct field_set set;
	int64_t guild_id, user_id, role_id;
};
extern const struct field member_role_remove_fields[];
apply_function member_role_remove_apply; /* {} */

struct member_kick_input {
	struct field_set set;
	int64_t guild_id, user_id;
};
extern const struct field member_kick_fields[];
apply_function member_kick_apply; /* {} */

#endif
