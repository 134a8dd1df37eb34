/* What the operations of those who administer the server take. */
#include "domain/fields.h"
#include "domain/security_event/security_event.h"
#include "domain/user/user_admin.h"

const struct field user_suspend_fields[] = {FIELD_REQUIRED_ID(user_suspend_input, user_id),
					    {.name = "reason",
					     .type = FIELD_TEXT,
					     .flags = FIELD_TRIM,
					     .max = SECURITY_DETAIL_MAX,
					     .offset = offsetof(struct user_suspend_input, reason)},
					    {0}};

const struct field user_restore_fields[] = {FIELD_REQUIRED_ID(user_restore_input, user_id), {0}};

const struct field user_admin_fields[] = {
    FIELD_REQUIRED_ID(user_admin_input, user_id),
    {.name = "is_admin", .type = FIELD_FLAG, .offset = offsetof(struct user_admin_input, is_admin)},
    {0}};

const struct field user_hand_over_fields[] = {
    FIELD_REQUIRED_ID(user_hand_over_input, user_id), FIELD_REQUIRED_ID(user_hand_over_input, to), {0}};
