/* Suspending accounts, handing over what is theirs, and who administers the server. */
#include "domain/bot/bot.h"
#include "domain/channel/channel.h"
#include "domain/guild/guild.h"
#include "domain/security_event/security_event.h"
#include "domain/session/session.h"
#include "domain/user/user_admin.h"
#include "domain/user/user_profile.h"

enum err user_require_admin(struct apply *apply)
{
	struct session session;
	bool is_admin;
	if (apply->role == OP_ROLE_CLI)
		return ERR_OK;
	/* These ops need no actor in their rows, since the command line has none: so who acts is checked here. */
	TRY(session_find_live(apply->db, apply->session_id, apply->actor_id, apply->now_ms, &session));
	TRY(session_require_login(apply));
	TRY(user_is_admin(apply->db, apply->actor_id, &is_admin));
	return is_admin ? ERR_OK : ERR_MISSING_PERMISSIONS;
}

enum err user_require_other_admin(struct apply *apply, int64_t user_id)
{
	int64_t other;
	TRY(sql_find_int(apply->db, QUERY_USER_OTHER_ADMIN, SQL_ARGS(sql_id(user_id)), &other));
	return other != 0 ? ERR_OK : ERR_LAST_ADMIN;
}

/* An account that is there; a deleted one is not. */
static enum err find(struct apply *apply, int64_t user_id, struct user *user)
{
	TRY(user_find(apply->db, apply->arena, user_id, user));
	return user->is_deleted ? ERR_UNKNOWN_USER : ERR_OK;
}

static enum err set_suspended(struct apply *apply, int64_t user_id, bool is_suspended)
{
	return sql_run(apply->db, QUERY_USER_SET_SUSPENDED, SQL_ARGS(sql_id(user_id), sql_int(is_suspended)), NULL);
}

enum err user_suspend_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct user_suspend_input *in = input;
	struct user user;
	(void)result;
	TRY(user_require_admin(apply));
	TRY(find(apply, in->user_id, &user));
	if (user.id == apply->actor_id) {
		field_errors_add(&apply->errors, "user_id", "USER_IS_SELF", "Nobody suspends themselves.");
		return ERR_INVALID_FORM;
	}
	if (user.is_suspended)
		return ERR_OK;
	if (user.is_admin)
		TRY(user_require_other_admin(apply, user.id));
	TRY(set_suspended(apply, user.id, true));
	TRY(session_end_all(apply, user.id));
	TRY(bot_stop_all_of(apply, user.id));
	if (user.is_bot)
		TRY(bot_stop(apply, user.id));
	return security_event_add(apply, SECURITY_ACCOUNT_SUSPENDED, user.id,
				  in->reason != NULL && in->reason[0] != '\0' ? in->reason : NULL);
}

enum err user_restore_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct user_restore_input *in = input;
	struct user user;
	(void)result;
	TRY(user_require_admin(apply));
	TRY(find(apply, in->user_id, &user));
	if (!user.is_suspended)
		return ERR_OK;
	TRY(set_suspended(apply, user.id, false));
	return security_event_add(apply, SECURITY_ACCOUNT_RESTORED, user.id, NULL);
}

enum err user_admin_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct user_admin_input *in = input;
	struct user user;
	(void)result;
	TRY(user_require_admin(apply));
	TRY(find(apply, in->user_id, &user));
	if (user.is_admin == in->is_admin)
		return ERR_OK;
	if (in->is_admin && (user.is_bot || user.is_suspended)) {
		field_errors_add(&apply->errors, "user_id", "USER_UNFIT",
				 "A bot or a suspended account cannot administer the server.");
		return ERR_INVALID_FORM;
	}
	if (!in->is_admin)
		TRY(user_require_other_admin(apply, user.id));
	TRY(sql_run(apply->db, QUERY_USER_SET_ADMIN, SQL_ARGS(sql_id(user.id), sql_int(in->is_admin)), NULL));
	/* Whoever had copied a cookie before would now administer the server. */
	if (in->is_admin)
		TRY(session_end_others(apply, user.id, 0, false));
	return security_event_add(apply, in->is_admin ? SECURITY_ADMIN_GRANTED : SECURITY_ADMIN_WITHDRAWN, user.id,
				  NULL);
}

enum err user_hand_over_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct user_hand_over_input *in = input;
	struct user from, to;
	int64_t guilds, channels, bots;
	TRY(user_require_admin(apply));
	TRY(find(apply, in->user_id, &from));
	TRY(find(apply, in->to, &to));
	if (!from.is_suspended)
		return ERR_NOT_SUSPENDED;
	if (to.is_bot || to.is_suspended) {
		field_errors_add(&apply->errors, "to", "USER_UNFIT", "A bot or a suspended account can own nothing.");
		return ERR_INVALID_FORM;
	}
	TRY(guild_hand_over(apply, from.id, to.id, &guilds));
	TRY(channel_hand_over(apply, from.id, to.id, &channels));
	TRY(bot_hand_over(apply, from.id, to.id, &bots));
	if (guilds + channels + bots > 0)
		TRY(security_event_add(apply, SECURITY_HANDED_OVER, from.id, NULL));
	jw_int(result, "guilds", guilds);
	jw_int(result, "channels", channels);
	jw_int(result, "bots", bots);
	return ERR_OK;
}
