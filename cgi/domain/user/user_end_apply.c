/* Ending accounts. */
#include "domain/block/block.h"
#include "domain/bot/bot.h"
#include "domain/draft/draft.h"
#include "domain/event/event.h"
#include "domain/member/member.h"
#include "domain/message/message.h"
#include "domain/picture/picture.h"
#include "domain/reaction/reaction.h"
#include "domain/saved/saved.h"
#include "domain/scheduled/scheduled.h"
#include "domain/security_event/security_event.h"
#include "domain/session/session.h"
#include "domain/user/user_admin.h"
#include "domain/user/user_end.h"
#include "domain/user/user_profile.h"

#include <string.h>

/* A workspace without an owner could not be managed for ever: each is named, so that the person knows what to do. */
static enum err refuse_owner(struct apply *apply, int64_t user_id)
{
	struct sql_stmt *stmt;
	bool owns = false;
	TRY(sql_start(apply->db, QUERY_USER_OWNED_GUILDS, SQL_ARGS(sql_id(user_id), sql_int(FIELD_ERRORS_MAX)), &stmt));
	while (sql_step(stmt)) {
		owns = true;
		field_errors_add(&apply->errors, "guilds", "GUILD_OWNED", sql_column_text(stmt, 0, apply->arena));
	}
	TRY(sql_finish(stmt));
	return owns ? ERR_OWNS_WORKSPACES : ERR_OK;
}

static enum err refuse_last_admin(struct apply *apply, const struct user *user)
{
	int64_t other;
	if (!user->is_admin)
		return ERR_OK;
	TRY(sql_find_int(apply->db, QUERY_USER_OTHER_PERSON, SQL_ARGS(sql_id(user->id)), &other));
	return other != 0 ? user_require_other_admin(apply, user->id) : ERR_OK;
}

static enum err leave_everything(struct apply *apply, int64_t user_id)
{
	for (;;) {
		int64_t guild_id;
		TRY(sql_find_int(apply->db, QUERY_USER_NEXT_MEMBERSHIP, SQL_ARGS(sql_id(user_id)), &guild_id));
		if (guild_id == 0)
			return ERR_OK;
		TRY(member_remove(apply, guild_id, user_id));
	}
}

/* Open streams end by the event of the first call; then the rows go, which know devices and addresses. */
static enum err forget_credentials(struct apply *apply, int64_t user_id)
{
	TRY(session_end_all(apply, user_id));
	TRY(sql_run(apply->db, QUERY_USER_DELETE_SESSIONS, SQL_ARGS(sql_id(user_id)), NULL));
	TRY(sql_run(apply->db, QUERY_USER_DELETE_RESET, SQL_ARGS(sql_id(user_id)), NULL));
	return sql_run(apply->db, QUERY_USER_DELETE_RECOVERY_CODES, SQL_ARGS(sql_id(user_id)), NULL);
}

static enum err empty_row(struct apply *apply, const struct user *user)
{
	char username[USER_DELETED_USERNAME_SIZE];
	user_deleted_name(user->id, username);
	TRY(sql_run(apply->db, QUERY_USER_EMPTY,
		    SQL_ARGS(sql_id(user->id), sql_text(username), sql_text(USER_DELETED_NAME), sql_int(apply->now_ms)),
		    NULL));
	return picture_release(apply, user->avatar);
}

static enum err end_account(struct apply *apply, const struct user *user)
{
	TRY(refuse_owner(apply, user->id));
	TRY(refuse_last_admin(apply, user));
	TRY(security_event_add(apply, SECURITY_ACCOUNT_DELETED, user->id, NULL));
	TRY(bot_delete_all_of(apply, user->id));
	TRY(leave_everything(apply, user->id));
	TRY(block_forget_user(apply, user->id));
	TRY(saved_forget_user(apply, user->id));
	TRY(draft_forget_user(apply, user->id));
	TRY(scheduled_forget_user(apply, user->id));
	TRY(forget_credentials(apply, user->id));
	TRY(empty_row(apply, user));
	if (strcmp(config_text(apply->config, CONFIG_DELETED_ACCOUNT_MESSAGES), "delete") != 0)
		return ERR_OK;
	TRY(reaction_forget_user(apply, user->id));
	return message_remove_recent(apply, 0, user->id, 0);
}

enum err user_delete_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct user_delete_input *in = input;
	struct user user;
	(void)result;
	TRY(session_require_login(apply));
	TRY(user_require_password(apply, apply->actor_id, in->password_hash));
	TRY(user_find(apply->db, apply->arena, apply->actor_id, &user));
	if (in->username != NULL && strcmp(in->username, user.username) != 0) {
		field_errors_add(&apply->errors, "username", "USERNAME_DIFFERS", "This is not your user name.");
		return ERR_INVALID_FORM;
	}
	return end_account(apply, &user);
}

enum err user_remove_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct user_remove_input *in = input;
	struct user user;
	(void)result;
	TRY(user_find(apply->db, apply->arena, in->user_id, &user));
	if (user.is_deleted)
		return ERR_OK;
	if (user.is_bot)
		return ERR_UNKNOWN_USER; /* bots are removed in their workspace */
	return end_account(apply, &user);
}
