/* What the operations on threads take. Changing and deleting one is channel_update and channel_delete. */
#include "domain/thread/thread.h"

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

const struct field thread_create_fields[] = {
    CHANNEL_OF(thread_create_input),
    {.name = "message_id", .type = FIELD_ID, .offset = offsetof(struct thread_create_input, message_id)},
    {.name = "name",
     .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED | FIELD_TRIM,
     .min = 1,
     .max = THREAD_NAME_MAX,
     .offset = offsetof(struct thread_create_input, name)},
    {.name = "type", .type = FIELD_INT, .min = 0, .max = 1000, .offset = offsetof(struct thread_create_input, type)},
    {.name = "auto_archive_duration",
     .type = FIELD_INT,
     .offset = offsetof(struct thread_create_input, auto_archive_duration)},
    {.name = "rate_limit_per_user",
     .type = FIELD_INT,
     .min = 0,
     .max = CHANNEL_SLOW_MODE_MAX_S,
     .offset = offsetof(struct thread_create_input, rate_limit_per_user)},
    {.name = "invitable", .type = FIELD_FLAG, .offset = offsetof(struct thread_create_input, invitable)},
    {0}};

const struct field thread_join_fields[] = {CHANNEL_OF(thread_join_input), {0}};

const struct field thread_leave_fields[] = {CHANNEL_OF(thread_leave_input), {0}};

const struct field thread_member_add_fields[] = {
    CHANNEL_OF(thread_member_add_input), USER_OF(thread_member_add_input), {0}};

const struct field thread_member_remove_fields[] = {
    CHANNEL_OF(thread_member_remove_input), USER_OF(thread_member_remove_input), {0}};
