/* Blocks: whom somebody does not want to hear of. A blocked person's direct messages do not reach who blocked them, in
 * either direction, and their mentions notify nobody who did. Nobody is told that they are blocked. */
#ifndef SNUG_DOMAIN_BLOCK_BLOCK_H
#define SNUG_DOMAIN_BLOCK_BLOCK_H

#include "domain/apply.h"

enum { BLOCKS_MAX = 1000 }; /* of one person */

/* Whether one of the two has blocked the other. */
enum err block_exists_between(struct sql *db, int64_t a_id, int64_t b_id, bool *exists) MUST_USE;

/* Whether this person has blocked that one. */
enum err block_exists(struct sql *db, int64_t user_id, int64_t blocked_id, bool *exists) MUST_USE;

/* Whether the actor may put this person into a channel, a group or a thread: ERR_CANNOT_DM when they have blocked the
 * actor, who could otherwise go on at them there. The same is said of bots, so it does not tell of the block. */
enum err block_check_adding(struct apply *apply, int64_t user_id) MUST_USE;

/* The ids of those whom the person has blocked, in the arena: BLOCKS_MAX at most. */
enum err block_list_ids(struct sql *db, struct arena *arena, int64_t user_id, int64_t **ids, size_t *count) MUST_USE;

/* Writes whom the person has blocked as an array of {user,created_at}, the latest first. */
enum err block_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			    int64_t user_id) MUST_USE;

struct block_create_input {
	struct field_set set;
	int64_t user_id; /* whom to block */
};
extern const struct field block_create_fields[];

/* {}. Blocking again changes nothing. ERR_UNKNOWN_USER unless the two can see each other, ERR_TOO_MANY. Event
 * RELATIONSHIP_ADD to who blocks, with Discord's relationship object. */
apply_function block_create_apply;

struct block_delete_input {
	struct field_set set;
	int64_t user_id;
};
extern const struct field block_delete_fields[];

/* {}. Nothing to lift changes nothing. Event RELATIONSHIP_REMOVE. */
apply_function block_delete_apply;

/* Lifts every block by and of an account that is deleted: part of another apply. */
enum err block_forget_user(struct apply *apply, int64_t user_id) MUST_USE;

#endif
