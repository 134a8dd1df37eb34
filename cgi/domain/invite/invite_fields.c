/* What the operations on invites take. */
#include "domain/invite/invite.h"

const struct field invite_create_fields[] = {
    {.name = "guild_id", .type = FIELD_ID, .offset = offsetof(struct invite_create_input, guild_id)},
    {.name = "channel_id", .type = FIELD_ID, .offset = offsetof(struct invite_create_input, channel_id)},
    {.name = "max_age",
     .type = FIELD_INT,
     .min = 0,
     .max = INVITE_AGE_MAX_S,
     .offset = offsetof(struct invite_create_input, max_age)},
    {.name = "max_uses",
     .type = FIELD_INT,
     .min = 0,
     .max = INVITE_USES_MAX,
     .offset = offsetof(struct invite_create_input, max_uses)},
    {.name = "temporary", .type = FIELD_FLAG, .offset = offsetof(struct invite_create_input, temporary)},
    {.name = "unique", .type = FIELD_FLAG, .offset = offsetof(struct invite_create_input, unique)},
    {0}};

const struct field invite_delete_fields[] = {{.name = "code",
					      .type = FIELD_TEXT,
					      .flags = FIELD_REQUIRED | FIELD_TRIM,
					      .min = 1,
					      .max = 64,
					      .offset = offsetof(struct invite_delete_input, code)},
					     {0}};

const struct field invite_accept_fields[] = {{.name = "code",
					      .type = FIELD_TEXT,
					      .flags = FIELD_REQUIRED | FIELD_TRIM,
					      .min = 1,
					      .max = 64,
					      .offset = offsetof(struct invite_accept_input, code)},
					     {0}};
