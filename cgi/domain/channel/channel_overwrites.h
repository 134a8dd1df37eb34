/* Overwrites as clients send them, and who may touch which; store only. */
#ifndef SNUG_DOMAIN_CHANNEL_CHANNEL_OVERWRITES_H
#define SNUG_DOMAIN_CHANNEL_CHANNEL_OVERWRITES_H

#include "domain/channel/channel.h"

/* Room beside what was given: for @everyone's and the creator's of a channel that is made private. */
enum { CHANNEL_OVERWRITES_SPARE = 2 };

/* Reads a list of {id, type, allow, deny} (NULL: none) into the arena, in the order of ids, with that much room at its
 * end. allow and deny must not overlap, and no target may stand in it twice. */
enum err channel_overwrites_decode(struct apply *apply, const json_t *list, struct perm_overwrite **out,
				   size_t *count) MUST_USE;

/* Whether the target is a role or member of the workspace. ERR_UNKNOWN_ROLE, ERR_UNKNOWN_MEMBER. */
enum err channel_overwrite_check_target(struct apply *apply, int64_t guild_id,
					const struct perm_overwrite *overwrite) MUST_USE;

/* One overwrite of a channel becomes another; either may be NULL for none. */
struct channel_overwrite_change {
	const struct perm_overwrite *before, *after;
};

/* Whether the actor, whose permissions in the channel these are, may make the change: MANAGE_ROLES, no bit that they
 * lack, a target that stands strictly lower (@everyone may be touched). A ban is lifted as a ban, not like this:
 * ERR_CHANNEL_BANNED. */
enum err channel_overwrite_check(struct apply *apply, const struct channel *channel, uint64_t bits,
				 const struct channel_overwrite_change *change) MUST_USE;

/* Puts the new overwrite in the place of the old one: checked, written and noted in the audit log. */
enum err channel_overwrite_apply_change(struct apply *apply, struct channel *channel, uint64_t bits,
					const struct channel_overwrite_change *change) MUST_USE;

/* Whether the two say the same. */
bool channel_overwrite_is_same(const struct channel_overwrite_change *change);

#endif
