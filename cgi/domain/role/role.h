/* Roles of a workspace (Discord's role object). The one whose id is the guild's is @everyone. */
#ifndef SNUG_DOMAIN_ROLE_ROLE_H
#define SNUG_DOMAIN_ROLE_ROLE_H

#include "domain/apply.h"

/* An array of the guild's roles by position. */
enum err role_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			   int64_t guild_id) MUST_USE;

/* An array of the ids of the member's roles, without @everyone. */
enum err role_ids_to_json(struct sql *db, struct jw *jw, const char *key, int64_t guild_id, int64_t user_id) MUST_USE;

/* Makes @everyone and the roles that every new workspace has ready (Member, Moderator, Admin): part of another apply.
 */
enum err role_create_initial(struct apply *apply, int64_t guild_id) MUST_USE;

#endif
