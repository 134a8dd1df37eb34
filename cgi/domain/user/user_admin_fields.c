/* What the operations of those who administer the server take. */
#include "domain/security_event/security_event.h"
#include "domain/user/user_admin.h"

const struct field user_suspend_fields[] = {{.name = "user_id",
					     .type = FIELD_ID,
					     .flags = FIELD_REQUIRED,
					     .offset = offsetof(struct user_suspend_input, user_id)},
					    {.name = "reason",
					     .type = FIELD_TEXT,
					     .flags = FIELD_TRIM,
					     .max = SECURITY_DETAIL_MAX,
					     .offset = offsetof(struct user_suspend_input, reason)},
					    {0}};

const struct field user_restore_fields[] = {{.name = "user_id",
					     .type = FIELD_ID,
					     .flags = FIELD_REQUIRED,
					     .offset = offsetof(struct user_restore_input, user_id)},
					    {0}};

const struct field user_admin_fields[] = {
    {.name = "user_id",
     .type = FIELD_ID,
     .flags = FIELD_REQUIRED,
     .offset = offsetof(struct user_admin_input, user_id)},
    {.name = "is_admin", .type = FIELD_FLAG, .offset = offsetof(struct user_admin_input, is_admin)},
    {0}};

const struct field user_hand_over_fields[] = {
    {.name = "user_id",
     .type = FIELD_ID,
     .flags = FIELD_REQUIRED,
     .offset = offsetof(struct user_hand_over_input, user_id)},
    {.name = "to", .type = FIELD_ID, .flags = FIELD_REQUIRED, .offset = offsetof(struct user_hand_over_input, to)},
    {0}};
