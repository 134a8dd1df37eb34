/* What the operations on bots take. */
#include "domain/bot/bot.h"
#include "domain/fields.h"
#include "domain/user/user.h"

const struct field bot_create_fields[] = {FIELD_REQUIRED_ID(bot_create_input, guild_id),
					  {.name = "username",
					   .type = FIELD_TEXT,
					   .flags = FIELD_REQUIRED | FIELD_TRIM | FIELD_LOWER,
					   .min = USERNAME_MIN,
					   .max = USERNAME_MAX,
					   .offset = offsetof(struct bot_create_input, username)},
					  {.name = "digest",
					   .type = FIELD_TEXT,
					   .flags = FIELD_REQUIRED | FIELD_SECRET,
					   .max = 64,
					   .offset = offsetof(struct bot_create_input, digest)},
					  {0}};

const struct field bot_renew_fields[] = {FIELD_REQUIRED_ID(bot_renew_input, guild_id),
					 FIELD_REQUIRED_ID(bot_renew_input, user_id),
					 {.name = "digest",
					  .type = FIELD_TEXT,
					  .flags = FIELD_REQUIRED | FIELD_SECRET,
					  .max = 64,
					  .offset = offsetof(struct bot_renew_input, digest)},
					 {0}};

const struct field bot_delete_fields[] = {
    FIELD_REQUIRED_ID(bot_delete_input, guild_id), FIELD_REQUIRED_ID(bot_delete_input, user_id), {0}};
