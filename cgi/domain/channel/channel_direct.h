/* Direct messages of two people, and groups of several members of one workspace. Neither has overwrites, roles or
 * bans: who is in it may post (PERM_DIRECT). */
#ifndef SNUG_DOMAIN_CHANNEL_CHANNEL_DIRECT_H
#define SNUG_DOMAIN_CHANNEL_CHANNEL_DIRECT_H

#include "domain/channel/channel.h"

enum { GROUP_PEOPLE_MIN = 3, GROUP_PEOPLE_MAX = 50, GROUPS_MADE_MAX = 200 };

/* Whether the two of a direct message, of whom the user is one, may write to each other: they share a workspace and
 * neither has blocked the other. Why not is not said: nobody learns that they are blocked. */
enum err channel_direct_is_open(struct sql *db, int64_t channel_id, int64_t user_id, bool *is_open) MUST_USE;

struct direct_create_input {
	struct field_set set;
	int64_t recipient_id; /* of a direct message, or */
	json_t *recipients;   /* ids: the others of a group; one alone is a direct message */
	const char *name;     /* of a group, or NULL */
	int64_t guild_id;     /* of a group: whose members they are; 0: a workspace that all of them share */
};
extern const struct field direct_create_fields[];

/* {"channel":{…}} as the actor sees it. Asking again for the direct message of the same two gives the same one; it is
 * shown to the other when the first message is sent. */
apply_function direct_create_apply;

#endif
