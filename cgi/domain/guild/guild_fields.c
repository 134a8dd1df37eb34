/* What the operations on workspaces take. */
#include "domain/fields.h"
#include "domain/guild/guild.h"
#include "domain/picture/picture.h"

const struct field guild_create_fields[] = {{.name = "name",
					     .type = FIELD_TEXT,
					     .flags = FIELD_REQUIRED | FIELD_TRIM,
					     .min = GUILD_NAME_MIN,
					     .max = GUILD_NAME_MAX,
					     .offset = offsetof(struct guild_create_input, name)},
					    {.name = "picture",
					     .type = FIELD_TEXT,
					     .max = PICTURE_TEXT_MAX,
					     .offset = offsetof(struct guild_create_input, picture)},
					    {0}};

const struct field guild_update_fields[] = {
    FIELD_REQUIRED_ID(guild_update_input, guild_id),
    {.name = "name",
     .type = FIELD_TEXT,
     .flags = FIELD_TRIM,
     .min = GUILD_NAME_MIN,
     .max = GUILD_NAME_MAX,
     .offset = offsetof(struct guild_update_input, name)},
    {.name = "description",
     .type = FIELD_TEXT,
     .flags = FIELD_TRIM | FIELD_MULTILINE,
     .max = GUILD_DESCRIPTION_MAX,
     .offset = offsetof(struct guild_update_input, description)},
    {.name = "picture",
     .type = FIELD_TEXT,
     .max = PICTURE_TEXT_MAX,
     .offset = offsetof(struct guild_update_input, picture)},
    {.name = "owner_id", .type = FIELD_ID, .offset = offsetof(struct guild_update_input, owner_id)},
    {0}};

const struct field guild_delete_fields[] = {FIELD_REQUIRED_ID(guild_delete_input, guild_id),
					    {.name = "name",
					     .type = FIELD_TEXT,
					     .flags = FIELD_REQUIRED | FIELD_TRIM,
					     .max = GUILD_NAME_MAX,
					     .offset = offsetof(struct guild_delete_input, name)},
					    {0}};

const struct field guild_leave_fields[] = {FIELD_REQUIRED_ID(guild_leave_input, guild_id), {0}};
