/* What the operations on bans take. */
#include "domain/ban/ban.h"

const struct field ban_create_fields[] = {{.name = "guild_id",
					   .type = FIELD_ID,
					   .flags = FIELD_REQUIRED,
					   .offset = offsetof(struct ban_create_input, guild_id)},
					  {.name = "user_id",
					   .type = FIELD_ID,
					   .flags = FIELD_REQUIRED,
					   .offset = offsetof(struct ban_create_input, user_id)},
					  {.name = "delete_message_seconds",
					   .type = FIELD_INT,
					   .max = BAN_DELETE_MAX_S,
					   .offset = offsetof(struct ban_create_input, delete_message_seconds)},
					  {.name = "delete_message_days",
					   .type = FIELD_INT,
					   .max = BAN_DELETE_MAX_DAYS,
					   .offset = offsetof(struct ban_create_input, delete_message_days)},
					  {0}};

const struct field ban_delete_fields[] = {{.name = "guild_id",
					   .type = FIELD_ID,
					   .flags = FIELD_REQUIRED,
					   .offset = offsetof(struct ban_delete_input, guild_id)},
					  {.name = "user_id",
					   .type = FIELD_ID,
					   .flags = FIELD_REQUIRED,
					   .offset = offsetof(struct ban_delete_input, user_id)},
					  {0}};
