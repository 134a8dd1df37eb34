/* Members of a workspace. */
#ifndef SNUG_DOMAIN_MEMBER_MEMBER_H
#define SNUG_DOMAIN_MEMBER_MEMBER_H

#include "domain/apply.h"

struct member {
	int64_t guild_id, user_id;
	const char *nickname;
	int64_t joined_at_ms;
};

/* ERR_UNKNOWN_MEMBER when there is none. */
enum err member_find(struct sql *db, struct arena *arena, int64_t guild_id, int64_t user_id,
		     struct member *out) MUST_USE;

/* Adds a member with its events; already a member is fine and changes nothing (*is_new false). Part of another apply.
 */
enum err member_add(struct apply *apply, int64_t guild_id, int64_t user_id, bool *is_new) MUST_USE;

/* Ends a membership with all that hangs on it: roles, overwrites of the member's own, places in the workspace's channels
 * and groups, ownership of channels; with its events, of which the one who is out gets GUILD_DELETE. Invites that they
 * made stay. ERR_UNKNOWN_MEMBER. Says nothing about who may do this, nor about the owner: part of another apply. */
enum err member_remove(struct apply *apply, int64_t guild_id, int64_t user_id) MUST_USE;

/* Discord's member object, with user. */
enum err member_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			const struct member *member) MUST_USE;

/* As above with guild_id: the payload of GUILD_MEMBER_ADD. */
enum err member_added_to_json(struct sql *db, struct arena *arena, struct jw *jw, const struct member *member) MUST_USE;

/* As member_to_json without user: what goes beside a message's author. */
enum err member_partial_to_json(struct sql *db, struct jw *jw, const char *key, const struct member *member) MUST_USE;

/* The members of that object alone, into an object that is open. */
enum err member_members_to_json(struct sql *db, struct jw *jw, const struct member *member) MUST_USE;

#endif
