/* What the operations on bans take. */
#include "domain/ban/ban.h"
#include "domain/fields.h"

const struct field ban_create_fields[] = {FIELD_REQUIRED_ID(ban_create_input, guild_id),
					  FIELD_REQUIRED_ID(ban_create_input, user_id),
					  {.name = "delete_message_seconds",
					   .type = FIELD_INT,
					   .max = BAN_DELETE_MAX_S,
					   .offset = offsetof(struct ban_create_input, delete_message_seconds)},
					  {.name = "delete_message_days",
					   .type = FIELD_INT,
					   .max = BAN_DELETE_MAX_DAYS,
					   .offset = offsetof(struct ban_create_input, delete_message_days)},
					  {0}};

const struct field ban_delete_fields[] = {
    FIELD_REQUIRED_ID(ban_delete_input, guild_id), FIELD_REQUIRED_ID(ban_delete_input, user_id), {0}};
