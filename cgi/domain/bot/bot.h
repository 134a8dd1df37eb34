/* Bots: accounts of programs. A bot belongs to the workspace that it was made in and to the person who made it; it has
 * neither password nor address, speaks through one token, and is a member like any other, with roles of its own. It can
 * do nothing that is for people: log in, take invites, block, make tokens. */
#ifndef SNUG_DOMAIN_BOT_BOT_H
#define SNUG_DOMAIN_BOT_BOT_H

#include "domain/apply.h"

enum { BOTS_MAX = 100 }; /* of one workspace */

/* Writes the workspace's bots as an array of {user, owner (a user, or null), created_at, last_used_at, has_token,
 * is_member}, by user name. Whoever may see them was checked before. */
enum err bot_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			  int64_t guild_id) MUST_USE;

struct bot_create_input {
	struct field_set set;
	int64_t guild_id;
	const char *username, *digest; /* of its token */
};
extern const struct field bot_create_fields[];

/* {"user":{…}}. Needs MANAGE_GUILD. ERR_NAME_TAKEN, ERR_TOO_MANY, ERR_BOT_FORBIDDEN. */
apply_function bot_create_apply;

struct bot_renew_input {
	struct field_set set;
	int64_t guild_id, user_id;
	const char *digest; /* of its next token */
};
extern const struct field bot_renew_fields[];

/* {"user":{…}}. The token before ends; a bot that was kicked is a member again, unless it is banned. Whoever holds a
 * bot's token sees what the bot sees, so this is for who answers for it and for administrators. ERR_UNKNOWN_USER. */
apply_function bot_renew_apply;

struct bot_delete_input {
	struct field_set set;
	int64_t guild_id, user_id;
};
extern const struct field bot_delete_fields[];

/* {}. Its token ends, it leaves, its name is free; what it wrote stays, under the name it had. Needs MANAGE_GUILD, and
 * being who answers for it or standing above it. */
apply_function bot_delete_apply;

/* Parts of other apply functions: what becomes of bots when something becomes of the person who answers for them. */

/* Ends the token of one bot. */
enum err bot_stop(struct apply *apply, int64_t bot_id) MUST_USE;

/* Ends the tokens of all bots of a person who is suspended: they start again only with new ones. */
enum err bot_stop_all_of(struct apply *apply, int64_t owner_id) MUST_USE;

/* The same of a person who is out of one workspace, with their bots there: who made a bot has its token. */
enum err bot_stop_all_of_in(struct apply *apply, int64_t owner_id, int64_t guild_id) MUST_USE;

/* Gives the person's bots in workspaces where the other is a member to that one; *count is how many. */
enum err bot_hand_over(struct apply *apply, int64_t owner_id, int64_t to_id, int64_t *count) MUST_USE;

/* Ends all bots of a person whose account is deleted, or of a workspace that is, as bot_delete does. */
enum err bot_delete_all_of(struct apply *apply, int64_t owner_id) MUST_USE;
enum err bot_delete_all_in(struct apply *apply, int64_t guild_id) MUST_USE;

#endif
