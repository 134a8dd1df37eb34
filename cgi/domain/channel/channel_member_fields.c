/* What the operations on members of channels take. */
#include "domain/channel/channel_member.h"

enum { MUTE_MAX_S = 366 * 24 * 3600, ISO8601_MAX = 40, ROLE_NAME_MAX = 20, NOTIFICATION_LEVEL_MAX = 2 };

#define CHANNEL_OF(input)                                                                                              \
	{                                                                                                              \
		.name = "channel_id", .type = FIELD_ID, .flags = FIELD_REQUIRED,                                       \
		.offset = offsetof(struct input, channel_id)                                                           \
	}
#define USER_OF(input)                                                                                                 \
	{                                                                                                              \
		.name = "user_id", .type = FIELD_ID, .flags = FIELD_REQUIRED,                                          \
		.offset = offsetof(struct input, user_id)                                                              \
	}

const struct field channel_join_fields[] = {CHANNEL_OF(channel_join_input), {0}};

const struct field channel_leave_fields[] = {CHANNEL_OF(channel_leave_input), {0}};

const struct field channel_member_add_fields[] = {
    CHANNEL_OF(channel_member_add_input),
    {.name = "user_id", .type = FIELD_ID, .offset = offsetof(struct channel_member_add_input, user_id)},
    {.name = "users", .type = FIELD_JSON, .offset = offsetof(struct channel_member_add_input, users)},
    {0}};

const struct field channel_member_remove_fields[] = {
    CHANNEL_OF(channel_member_remove_input),
    {.name = "user_id", .type = FIELD_ID, .offset = offsetof(struct channel_member_remove_input, user_id)},
    {.name = "users", .type = FIELD_JSON, .offset = offsetof(struct channel_member_remove_input, users)},
    {0}};

const struct field channel_member_role_fields[] = {CHANNEL_OF(channel_member_role_input),
						   USER_OF(channel_member_role_input),
						   {.name = "role",
						    .type = FIELD_TEXT,
						    .flags = FIELD_REQUIRED,
						    .min = 1,
						    .max = ROLE_NAME_MAX,
						    .offset = offsetof(struct channel_member_role_input, role)},
						   {0}};

const struct field channel_owner_fields[] = {CHANNEL_OF(channel_owner_input), USER_OF(channel_owner_input), {0}};

const struct field channel_settings_fields[] = {
    CHANNEL_OF(channel_settings_input),
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
    CHANNEL_OF(channel_ban_create_input), USER_OF(channel_ban_create_input), {0}};

const struct field channel_ban_delete_fields[] = {
    CHANNEL_OF(channel_ban_delete_input), USER_OF(channel_ban_delete_input), {0}};
