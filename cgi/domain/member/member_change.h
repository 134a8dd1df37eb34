/* What the changes of a member have in common; store only. */
#ifndef SNUG_DOMAIN_MEMBER_CHANGE_H
#define SNUG_DOMAIN_MEMBER_CHANGE_H

#include "domain/member/member.h"

/* Appends GUILD_MEMBER_ADD or GUILD_MEMBER_UPDATE with the member as it is now. */
enum err member_announce(struct apply *apply, const char *type, const struct member *member) MUST_USE;

/* ERR_MISSING_PERMISSIONS unless the actor has every bit of needed and stands strictly above the member, or is the
 * member. ERR_UNKNOWN_GUILD when the actor is no member. */
enum err member_require_above_or_self(struct apply *apply, const struct member *member, uint64_t needed) MUST_USE;

/* Gives and takes roles until the member has those of the list (ids) and no other, with the audit log's line; checks
 * all that it needs. *is_changed is false when there was nothing to do. */
enum err member_roles_set(struct apply *apply, const struct member *member, const json_t *list,
			  bool *is_changed) MUST_USE;

#endif
