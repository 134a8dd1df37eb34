/* Reactions to messages. One person reacts with an emoji once; a message has REACTION_KINDS_MAX different ones at most,
 * in order of first use. Invariants: reaction_kinds.count is how many rows of reactions it has and never 0, so that
 * showing a message counts nothing; messages.parts has MESSAGE_HAS_REACTIONS exactly when there is a kind.
 *
 * Whoever reads the channel may join a reaction that is there; the first of a kind needs PERM_ADD_REACTIONS (Discord's
 * rule). What was left stays when its author leaves, as messages do. */
#ifndef SNUG_DOMAIN_REACTION_REACTION_H
#define SNUG_DOMAIN_REACTION_REACTION_H

#include "domain/apply.h"

enum { REACTION_KINDS_MAX = 20, REACTION_PAGE_MAX = 100, REACTION_PAGE_INITIAL = 25 };

/* Writes the member `reactions` of a message: Discord's reaction objects. viewer_id is whose own are marked by `me`; 0
 * is nobody. */
enum err reaction_of_message_to_json(struct sql *db, struct jw *jw, int64_t message_id, int64_t viewer_id) MUST_USE;

/* Who reacted with an emoji, by user id from after it on. */
struct reaction_page {
	const char *emoji; /* as emoji_ref_parse takes it */
	int64_t after;
	int limit; /* 1 to REACTION_PAGE_MAX */
};

/* An array of users; empty when nobody did. ERR_INVALID_EMOJI. Says nothing about who may see the message. */
enum err reaction_users_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t message_id,
				const struct reaction_page *page) MUST_USE;

/* Takes all reactions of a message that is deleted, whose own event tells of it: part of another apply. */
enum err reaction_message_gone(struct apply *apply, int64_t message_id) MUST_USE;

/* Takes back all that somebody reacted with or voted for, whose account is deleted with all they wrote: notes it, and
 * house-keeping does it in portions; *is_done when nothing of that kind is left to do. */
enum err reaction_forget_user(struct apply *apply, int64_t user_id) MUST_USE;
enum err reaction_forget_more(struct apply *apply, bool *is_done) MUST_USE;

/* Each has Discord's event, with `count`: how many there are then. What is as it was asked to be changes nothing and
 * has none. */
struct reaction_add_input {
	struct field_set set;
	int64_t channel_id, message_id;
	const char *emoji;
};
extern const struct field reaction_add_fields[];
apply_function reaction_add_apply; /* {}; ERR_INVALID_EMOJI, ERR_TOO_MANY_REACTIONS, those of channel_before_response */

struct reaction_remove_input {
	struct field_set set;
	int64_t channel_id, message_id;
	int64_t user_id; /* 0: the actor's own; others' need PERM_MANAGE_MESSAGES */
	const char *emoji;
};
extern const struct field reaction_remove_fields[];
apply_function reaction_remove_apply; /* {} */

struct reaction_remove_emoji_input {
	struct field_set set;
	int64_t channel_id, message_id;
	const char *emoji;
};
extern const struct field reaction_remove_emoji_fields[];
apply_function reaction_remove_emoji_apply; /* {}; needs PERM_MANAGE_MESSAGES */

struct reaction_remove_all_input {
	struct field_set set;
	int64_t channel_id, message_id;
};
extern const struct field reaction_remove_all_fields[];
apply_function reaction_remove_all_apply; /* {}; needs PERM_MANAGE_MESSAGES */

#endif
