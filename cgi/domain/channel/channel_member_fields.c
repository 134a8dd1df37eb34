/* What the operations on members of channels take. */
#include "domain/channel/channel_member.h"
#include "domain/fields.h"

enum { MUTE_MAX_S = 366 * 24 * 3600, ISO8601_MAX = 40, ROLE_NAME_MAX = 20, NOTIFICATION_LEVEL_MAX = 2 };

const struct field channel_join_fields[] = {FIELD_REQUIRED_ID(channel_join_input, channel_id), {0}};

const struct field channel_leave_fields[] = {FIELD_REQUIRED_ID(channel_leave_input, channel_id), {0}};

const struct field channel_member_add_fields[] = {
    FIELD_REQUIRED_ID(channel_member_add_input, channel_id),
    {.name = "user_id", .type = FIELD_ID, .offset = offsetof(struct channel_member_add_input, user_id)},
    {.name = "users", .type = FIELD_JSON, .offset = offsetof(struct channel_member_add_input, users)},
    {0}};

const struct field channel_member_remove_fields[] = {
    FIELD_REQUIRED_ID(channel_member_remove_input, channel_id),
    {.name = "user_id", .type = FIELD_ID, .offset = offsetof(struct channel_member_remove_input, user_id)},
    {.name = "users", .type = FIELD_JSON, .offset = offsetof(struct channel_member_remove_input, users)},
    {0}};

const struct field channel_member_role_fields[] = {FIELD_REQUIRED_ID(channel_member_role_input, channel_id),
						   FIELD_REQUIRED_ID(channel_member_role_input, user_id),
						   {.name = "role",
						    .type = FIELD_TEXT,
						    .flags = FIELD_REQUIRED,
						    .min = 1,
						    .max = ROLE_NAME_MAX,
						    .offset = offsetof(struct channel_member_role_input, role)},
						   {0}};

const struct field channel_owner_fields[] = {
    FIELD_REQUIRED_ID(channel_owner_input, channel_id), FIELD_REQUIRED_ID(channel_owner_input, user_id), {0}};

const struct field channel_settings_fields[] = {
    FIELD_REQUIRED_ID(channel_settings_input, channel_id),
    {.name = "muted", .type = FIELD_FLAG, .offset = offsetof(struct channel_settings_input, muted)},
    {.name = "mute_for_s",
     .type = FIELD_INT,
     .min = 1,
     .max = MUTE_MAX_S,
     .offset = offsetof(struct channel_settings_input, mute_for_s)},
    {.name = "muted_until",
     .type = FIELD_TEXT,
     .min = 1,
     .max = ISO8601_MAX,
     .offset = offsetof(struct channel_settings_input, muted_until)},
    {.name = "notification_level",
     .type = FIELD_INT,
     .min = 0,
     .max = NOTIFICATION_LEVEL_MAX,
     .offset = offsetof(struct channel_settings_input, notification_level)},
    {0}};

const struct field channel_ban_create_fields[] = {
    FIELD_REQUIRED_ID(channel_ban_create_input, channel_id), FIELD_REQUIRED_ID(channel_ban_create_input, user_id), {0}};

const struct field channel_ban_delete_fields[] = {
    FIELD_REQUIRED_ID(channel_ban_delete_input, channel_id), FIELD_REQUIRED_ID(channel_ban_delete_input, user_id), {0}};
