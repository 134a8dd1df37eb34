/* Changes of bots. */
#include "domain/audit/audit.h"
#include "domain/bot/bot.h"
#include "domain/member/member.h"
#include "domain/perm.h"
#include "domain/picture/picture.h"
#include "domain/security_event/security_event.h"
#include "domain/session/session.h"
#include "domain/user/user.h"

static enum err audit(struct apply *apply, int64_t guild_id, enum audit_action action, int64_t bot_id)
{
	return audit_append(apply, &(struct audit_entry){.guild_id = guild_id, .action = action, .target_id = bot_id});
}

static enum err check_name(struct apply *apply, const char *username)
{
	int64_t id;
	if (!user_is_username(username)) {
		field_errors_add(&apply->errors, "username", "USERNAME_INVALID",
				 "Only letters a-z, digits, _ and . are allowed.");
		return ERR_INVALID_FORM;
	}
	TRY(sql_find_int(apply->db, QUERY_USER_FIND_BY_USERNAME, SQL_ARGS(sql_text(username)), &id));
	return id != 0 ? ERR_NAME_TAKEN : ERR_OK;
}

static enum err open_token(struct apply *apply, int64_t bot_id, const char *digest)
{
	int64_t session_id;
	return session_open_token(apply, &(struct session_opening){.user_id = bot_id, .kind = "bot", .digest = digest},
				  &session_id);
}

enum err bot_stop(struct apply *apply, int64_t bot_id)
{
	int64_t session_id;
	TRY(sql_find_int(apply->db, QUERY_BOT_SESSION, SQL_ARGS(sql_id(bot_id)), &session_id));
	return session_id != 0 ? session_end_one(apply, session_id, bot_id) : ERR_OK;
}

/* The bot of that workspace; ERR_UNKNOWN_USER when there is none. */
static enum err find(struct apply *apply, int64_t guild_id, int64_t bot_id, struct user *bot)
{
	TRY(user_find(apply->db, apply->arena, bot_id, bot));
	return bot->is_bot && bot->bot_guild_id == guild_id ? ERR_OK : ERR_UNKNOWN_USER;
}

static enum err reply_bot(struct apply *apply, int64_t bot_id, struct jw *result)
{
	struct user bot;
	TRY(user_find(apply->db, apply->arena, bot_id, &bot));
	user_to_json(result, "user", &bot);
	return ERR_OK;
}

enum err bot_create_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct bot_create_input *in = input;
	int64_t count;
	bool is_new;
	TRY(perm_require_guild(apply->db, apply->arena, in->guild_id, apply->actor_id, PERM_MANAGE_GUILD));
	TRY(check_name(apply, in->username));
	TRY(sql_find_int(apply->db, QUERY_BOT_COUNT, SQL_ARGS(sql_id(in->guild_id)), &count));
	if (count >= BOTS_MAX)
		return ERR_TOO_MANY;
	int64_t bot_id = id_next(apply->ids, apply->now_ms);
	TRY(sql_run(apply->db, QUERY_BOT_INSERT,
		    SQL_ARGS(sql_id(bot_id), sql_text(in->username), sql_id(in->guild_id), sql_id(apply->actor_id)),
		    NULL));
	TRY(member_add(apply, in->guild_id, bot_id, &is_new));
	TRY(open_token(apply, bot_id, in->digest));
	TRY(audit(apply, in->guild_id, AUDIT_BOT_ADD, bot_id));
	TRY(security_event_add(apply, SECURITY_BOT_CREATED, bot_id, NULL));
	return reply_bot(apply, bot_id, result);
}

/* Roles and channels that the bot was given meanwhile come with its token. Who made the bot had the token before, and
 * administrators see everything anyway; for others it would be more than they have. */
static enum err require_holder(struct apply *apply, const struct user *bot, int64_t guild_id)
{
	uint64_t bits;
	TRY(perm_of_guild(apply->db, apply->arena, guild_id, apply->actor_id, &bits));
	if (!perm_has(bits, PERM_MANAGE_GUILD))
		return ERR_MISSING_PERMISSIONS;
	return bot->bot_owner_id == apply->actor_id || perm_has(bits, PERM_ADMINISTRATOR) ? ERR_OK
											  : ERR_MISSING_PERMISSIONS;
}

/* A kick is taken back by this, a ban is not. */
static enum err come_back(struct apply *apply, int64_t guild_id, int64_t bot_id)
{
	int64_t is_banned;
	bool is_new;
	TRY(sql_find_int(apply->db, QUERY_BOT_IS_BANNED, SQL_ARGS(sql_id(guild_id), sql_id(bot_id)), &is_banned));
	return is_banned != 0 ? ERR_OK : member_add(apply, guild_id, bot_id, &is_new);
}

enum err bot_renew_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct bot_renew_input *in = input;
	struct user bot;
	TRY(perm_require_guild(apply->db, apply->arena, in->guild_id, apply->actor_id, PERM_MANAGE_GUILD));
	TRY(find(apply, in->guild_id, in->user_id, &bot));
	TRY(require_holder(apply, &bot, in->guild_id));
	TRY(bot_stop(apply, bot.id));
	TRY(open_token(apply, bot.id, in->digest));
	TRY(come_back(apply, in->guild_id, bot.id));
	TRY(audit(apply, in->guild_id, AUDIT_BOT_TOKEN_RENEW, bot.id));
	TRY(security_event_add(apply, SECURITY_BOT_TOKEN_RENEWED, bot.id, NULL));
	return reply_bot(apply, bot.id, result);
}

/* Takes the bot out of everything and frees its name. */
static enum err end_bot(struct apply *apply, const struct user *bot)
{
	char name[USER_DELETED_USERNAME_SIZE];
	TRY(bot_stop(apply, bot->id));
	enum err err = member_remove(apply, bot->bot_guild_id, bot->id);
	if (err != ERR_OK && err != ERR_UNKNOWN_MEMBER)
		return err;
	user_deleted_name(bot->id, name);
	TRY(sql_run(apply->db, QUERY_BOT_EMPTY, SQL_ARGS(sql_id(bot->id), sql_text(name), sql_int(apply->now_ms)),
		    NULL));
	return picture_release(apply, bot->avatar);
}

static enum err require_to_delete(struct apply *apply, const struct user *bot, int64_t guild_id)
{
	enum err err;
	if (bot->bot_owner_id == apply->actor_id)
		return ERR_OK;
	err = perm_require_above_member(apply->db, apply->arena, guild_id, apply->actor_id, bot->id, PERM_MANAGE_GUILD);
	return err == ERR_UNKNOWN_MEMBER ? ERR_OK : err; /* it was kicked already */
}

enum err bot_delete_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct bot_delete_input *in = input;
	struct user bot;
	(void)result;
	TRY(perm_require_guild(apply->db, apply->arena, in->guild_id, apply->actor_id, PERM_MANAGE_GUILD));
	TRY(find(apply, in->guild_id, in->user_id, &bot));
	TRY(require_to_delete(apply, &bot, in->guild_id));
	TRY(audit(apply, in->guild_id, AUDIT_BOT_REMOVE, bot.id));
	return end_bot(apply, &bot);
}

enum err bot_stop_all_of(struct apply *apply, int64_t owner_id)
{
	for (int64_t bot_id = 0;;) {
		TRY(sql_find_int(apply->db, QUERY_BOT_NEXT_OF_OWNER, SQL_ARGS(sql_id(owner_id), sql_int(bot_id)),
				 &bot_id));
		if (bot_id == 0)
			return ERR_OK;
		TRY(bot_stop(apply, bot_id));
	}
}

enum err bot_stop_all_of_in(struct apply *apply, int64_t owner_id, int64_t guild_id)
{
	for (int64_t bot_id = 0;;) {
		TRY(sql_find_int(apply->db, QUERY_BOT_NEXT_OF_OWNER_IN,
				 SQL_ARGS(sql_id(owner_id), sql_id(guild_id), sql_int(bot_id)), &bot_id));
		if (bot_id == 0)
			return ERR_OK;
		TRY(bot_stop(apply, bot_id));
	}
}

enum err bot_hand_over(struct apply *apply, int64_t owner_id, int64_t to_id, int64_t *count)
{
	int changes;
	TRY(sql_run(apply->db, QUERY_BOT_HAND_OVER, SQL_ARGS(sql_id(owner_id), sql_id(to_id)), &changes));
	*count = changes;
	return ERR_OK;
}

static enum err end_each(struct apply *apply, enum query next, int64_t of_id)
{
	for (int64_t bot_id = 0;;) {
		struct user bot;
		TRY(sql_find_int(apply->db, next, SQL_ARGS(sql_id(of_id), sql_int(bot_id)), &bot_id));
		if (bot_id == 0)
			return ERR_OK;
		TRY(user_find(apply->db, apply->arena, bot_id, &bot));
		TRY(end_bot(apply, &bot));
	}
}

enum err bot_delete_all_of(struct apply *apply, int64_t owner_id)
{
	return end_each(apply, QUERY_BOT_NEXT_OF_OWNER, owner_id);
}

enum err bot_delete_all_in(struct apply *apply, int64_t guild_id)
{
	return end_each(apply, QUERY_BOT_NEXT_OF_GUILD, guild_id);
}
