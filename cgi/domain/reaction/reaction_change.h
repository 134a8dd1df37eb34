/* What the files that change reactions share; store only. */
#ifndef SNUG_DOMAIN_REACTION_REACTION_CHANGE_H
#define SNUG_DOMAIN_REACTION_REACTION_CHANGE_H

#include "domain/channel/channel.h"
#include "domain/emoji/emoji.h"

/* A message and where it stands. */
struct reaction_place {
	struct channel channel;
	uint64_t bits; /* the actor's in the channel */
	int64_t message_id, author_id;
};

/* An emoji with which people reacted to it. */
struct reaction_kind {
	int64_t position; /* 0: nobody has */
	int64_t count;
	struct emoji_ref emoji;
};

/* Appends the event. kind NULL: of all kinds; user_id 0: of all people. Of MESSAGE_REACTION_ADD user_id is the actor.
 */
enum err reaction_announce(struct apply *apply, const char *type, const struct reaction_place *place,
			   const struct reaction_kind *kind, int64_t user_id) MUST_USE;

/* Takes one person's reaction, if there is one, with its event. kind->count is what is left. */
enum err reaction_take_back(struct apply *apply, const struct reaction_place *place, struct reaction_kind *kind,
			    int64_t user_id) MUST_USE;

#endif
