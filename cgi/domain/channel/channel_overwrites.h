/* Decoding and checking permission overwrites that a client sends; store only. */
#ifndef SNUG_DOMAIN_CHANNEL_OVERWRITES_H
#define SNUG_DOMAIN_CHANNEL_OVERWRITES_H

#include "domain/channel/channel.h"

/* Reads the list (NULL: none) into the arena, with room for one more at its end. Every target must belong to the guild,
 * allow and deny must not overlap, and no bit may be touched that the actor lacks. */
enum err channel_overwrites_decode(struct apply *apply, int64_t guild_id, uint64_t actor_bits, const json_t *list,
				   struct perm_overwrite **out, size_t *count) MUST_USE;

#endif
