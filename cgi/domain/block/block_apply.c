/* Changes of blocks. */
#include "domain/block/block.h"
#include "domain/event/event.h"
#include "domain/user/user.h"

enum { RELATIONSHIP_NONE = 0, RELATIONSHIP_BLOCKED = 2 }; /* Discord's types */

/* Tells the other open clients of who blocks, and nobody else. user NULL: the block was lifted. */
static enum err announce(struct apply *apply, int64_t user_id, int64_t blocked_id, const struct user *user)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_id(&jw, "id", blocked_id);
	jw_int(&jw, "type", user != NULL ? RELATIONSHIP_BLOCKED : RELATIONSHIP_NONE);
	if (user != NULL)
		user_to_json(&jw, "user", user);
	jw_object_end(&jw);
	struct event event = {.type = user != NULL ? "RELATIONSHIP_ADD" : "RELATIONSHIP_REMOVE",
			      .user_id = user_id,
			      .payload = payload->p,
			      .payload_n = payload->n};
	return event_append(apply, &event);
}

enum err block_create_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct block_create_input *in = input;
	struct user user;
	bool is_visible, exists;
	int64_t count;
	(void)result;
	if (in->user_id == apply->actor_id) {
		field_errors_add(&apply->errors, "user_id", "USER_IS_SELF", "Nobody can block themselves.");
		return ERR_INVALID_FORM;
	}
	TRY(block_exists(apply->db, apply->actor_id, in->user_id, &exists));
	if (exists)
		return ERR_OK;
	TRY(user_is_visible(apply->db, apply->actor_id, in->user_id, &is_visible));
	if (!is_visible)
		return ERR_UNKNOWN_USER;
	TRY(user_find(apply->db, apply->arena, in->user_id, &user));
	TRY(sql_find_int(apply->db, QUERY_BLOCK_COUNT, SQL_ARGS(sql_id(apply->actor_id)), &count));
	if (count >= BLOCKS_MAX)
		return ERR_TOO_MANY;
	TRY(sql_run(apply->db, QUERY_BLOCK_INSERT,
		    SQL_ARGS(sql_id(apply->actor_id), sql_id(in->user_id), sql_int(apply->now_ms)), NULL));
	return announce(apply, apply->actor_id, in->user_id, &user);
}

static enum err lift(struct apply *apply, int64_t user_id, int64_t blocked_id)
{
	int changes;
	TRY(sql_run(apply->db, QUERY_BLOCK_DELETE, SQL_ARGS(sql_id(user_id), sql_id(blocked_id)), &changes));
	return changes > 0 ? announce(apply, user_id, blocked_id, NULL) : ERR_OK;
}

enum err block_delete_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct block_delete_input *in = input;
	(void)result;
	return lift(apply, apply->actor_id, in->user_id);
}

/* Those who had blocked the account hear of it, so that their lists stay what the database says. */
enum err block_forget_user(struct apply *apply, int64_t user_id)
{
	for (;;) {
		int64_t blocker_id;
		TRY(sql_find_int(apply->db, QUERY_BLOCK_FIND_BLOCKER, SQL_ARGS(sql_id(user_id)), &blocker_id));
		if (blocker_id == 0)
			break;
		TRY(lift(apply, blocker_id, user_id));
	}
	return sql_run(apply->db, QUERY_BLOCK_DELETE_ALL_BY, SQL_ARGS(sql_id(user_id)), NULL);
}
