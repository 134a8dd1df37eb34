/* What the operations on roles take. */
#include "domain/fields.h"
#include "domain/role/role.h"

const struct field role_create_fields[] = {
    FIELD_REQUIRED_ID(role_create_input, guild_id),
    {.name = "name",
     .type = FIELD_TEXT,
     .flags = FIELD_TRIM,
     .min = 1,
     .max = ROLE_NAME_MAX,
     .offset = offsetof(struct role_create_input, values.name)},
    {.name = "permissions", .type = FIELD_BITS, .offset = offsetof(struct role_create_input, values.permissions)},
    {.name = "color",
     .type = FIELD_INT,
     .max = ROLE_COLOR_MAX,
     .offset = offsetof(struct role_create_input, values.color)},
    {.name = "colors", .type = FIELD_JSON, .offset = offsetof(struct role_create_input, values.colors)},
    {.name = "hoist", .type = FIELD_FLAG, .offset = offsetof(struct role_create_input, values.hoist)},
    {.name = "mentionable", .type = FIELD_FLAG, .offset = offsetof(struct role_create_input, values.mentionable)},
    {0}};

const struct field role_update_fields[] = {
    FIELD_REQUIRED_ID(role_update_input, guild_id),
    FIELD_REQUIRED_ID(role_update_input, role_id),
    {.name = "name",
     .type = FIELD_TEXT,
     .flags = FIELD_TRIM,
     .min = 1,
     .max = ROLE_NAME_MAX,
     .offset = offsetof(struct role_update_input, values.name)},
    {.name = "permissions", .type = FIELD_BITS, .offset = offsetof(struct role_update_input, values.permissions)},
    {.name = "color",
     .type = FIELD_INT,
     .max = ROLE_COLOR_MAX,
     .offset = offsetof(struct role_update_input, values.color)},
    {.name = "colors", .type = FIELD_JSON, .offset = offsetof(struct role_update_input, values.colors)},
    {.name = "hoist", .type = FIELD_FLAG, .offset = offsetof(struct role_update_input, values.hoist)},
    {.name = "mentionable", .type = FIELD_FLAG, .offset = offsetof(struct role_update_input, values.mentionable)},
    {0}};

const struct field role_delete_fields[] = {
    FIELD_REQUIRED_ID(role_delete_input, guild_id), FIELD_REQUIRED_ID(role_delete_input, role_id), {0}};

const struct field role_move_fields[] = {
    FIELD_REQUIRED_ID(role_move_input, guild_id),
    {.name = "items", .type = FIELD_JSON, .flags = FIELD_REQUIRED, .offset = offsetof(struct role_move_input, items)},
    {0}};
