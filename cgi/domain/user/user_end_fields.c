/* What ending an account takes. */
#include "domain/fields.h"
#include "domain/user/user_end.h"

const struct field user_delete_fields[] = {{.name = "username",
					    .type = FIELD_TEXT,
					    .flags = FIELD_TRIM | FIELD_LOWER,
					    .max = USERNAME_MAX,
					    .offset = offsetof(struct user_delete_input, username)},
					   {.name = "password_hash",
					    .type = FIELD_TEXT,
					    .flags = FIELD_REQUIRED | FIELD_SECRET,
					    .min = 20,
					    .max = 127,
					    .offset = offsetof(struct user_delete_input, password_hash)},
					   {0}};

const struct field user_remove_fields[] = {FIELD_REQUIRED_ID(user_remove_input, user_id), {0}};
