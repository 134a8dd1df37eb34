/* What the operations on channels take. */
#include "domain/channel/channel.h"

enum { POSITION_MAX = 100000 };

const struct field channel_create_fields[] = {
    {.name = "guild_id", .type = FIELD_ID, .flags = FIELD_REQUIRED, .offset = offsetof(struct channel_create_input, guild_id)},
    {.name = "name", .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_TRIM, .min = 1, .max = CHANNEL_NAME_MAX,
     .offset = offsetof(struct channel_create_input, name)},
    {.name = "topic", .type = FIELD_TEXT, .flags = FIELD_TRIM | FIELD_MULTILINE, .max = CHANNEL_TOPIC_MAX,
     .offset = offsetof(struct channel_create_input, topic)},
    {.name = "type", .type = FIELD_INT, .min = 0, .max = 1000, .offset = offsetof(struct channel_create_input, type)},
    {.name = "position", .type = FIELD_INT, .min = 0, .max = POSITION_MAX, .offset = offsetof(struct channel_create_input, position)},
    {.name = "parent_id", .type = FIELD_ID, .offset = offsetof(struct channel_create_input, parent_id)},
    {.name = "rate_limit_per_user", .type = FIELD_INT, .min = 0, .max = CHANNEL_SLOW_MODE_MAX_S,
     .offset = offsetof(struct channel_create_input, rate_limit_per_user)},
    {.name = "permission_overwrites", .type = FIELD_JSON, .offset = offsetof(struct channel_create_input, permission_overwrites)},
    {0}};

const struct field channel_update_fields[] = {
    {.name = "channel_id", .type = FIELD_ID, .flags = FIELD_REQUIRED, .offset = offsetof(struct channel_update_input, channel_id)},
    {.name = "name", .type = FIELD_TEXT, .flags = FIELD_TRIM, .min = 1, .max = CHANNEL_NAME_MAX,
     .offset = offsetof(struct channel_update_input, name)},
    {.name = "topic", .type = FIELD_TEXT, .flags = FIELD_TRIM | FIELD_MULTILINE, .max = CHANNEL_TOPIC_MAX,
     .offset = offsetof(struct channel_update_input, topic)},
    {.name = "position", .type = FIELD_INT, .min = 0, .max = POSITION_MAX, .offset = offsetof(struct channel_update_input, position)},
    {.name = "parent_id", .type = FIELD_ID, .offset = offsetof(struct channel_update_input, parent_id)},
    {.name = "rate_limit_per_user", .type = FIELD_INT, .min = 0, .max = CHANNEL_SLOW_MODE_MAX_S,
     .offset = offsetof(struct channel_update_input, rate_limit_per_user)},
    {0}};

const struct field channel_delete_fields[] = {
    {.name = "channel_id", .type = FIELD_ID, .flags = FIELD_REQUIRED, .offset = offsetof(struct channel_delete_input, channel_id)},
    {0}};
