/* What the operations on threads take. Changing and deleting one is channel_update and channel_delete. */
#include "domain/fields.h"
#include "domain/thread/thread.h"

const struct field thread_create_fields[] = {
    FIELD_REQUIRED_ID(thread_create_input, channel_id),
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

const struct field thread_join_fields[] = {FIELD_REQUIRED_ID(thread_join_input, channel_id), {0}};

const struct field thread_leave_fields[] = {FIELD_REQUIRED_ID(thread_leave_input, channel_id), {0}};

const struct field thread_member_add_fields[] = {
    FIELD_REQUIRED_ID(thread_member_add_input, channel_id), FIELD_REQUIRED_ID(thread_member_add_input, user_id), {0}};

const struct field thread_member_remove_fields[] = {FIELD_REQUIRED_ID(thread_member_remove_input, channel_id),
						    FIELD_REQUIRED_ID(thread_member_remove_input, user_id),
						    {0}};
