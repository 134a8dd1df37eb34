/* Making bots and their tokens: what the page and the API do alike. A token is made here, leaves this process once, and
 * is kept as a digest. */
#ifndef SNUG_FRONT_BOT_TOKEN_H
#define SNUG_FRONT_BOT_TOKEN_H

#include "crypto/secret.h"
#include "front/front.h"

struct bot_create_form_input {
	struct field_set set;
	const char *username;
};
extern const struct field bot_create_form_fields[];

struct bot_token {
	char secret[SECRET_TEXT_SIZE]; /* wipe it when it was shown */
	struct str user;               /* the bot, as JSON text in the arena */
};

/* Sends bot_create with this user name, in the guild of the request's path. Errors: the op's. */
enum err bot_token_create(struct request *request, const char *username, struct bot_token *out) MUST_USE;

/* Sends bot_renew for the user of the request's path. */
enum err bot_token_renew(struct request *request, struct bot_token *out) MUST_USE;

#endif
