/* What the operations on accounts take. */
#include "domain/user/user.h"

const struct field user_register_fields[] = {
    {.name = "username", .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_TRIM | FIELD_LOWER, .min = 2, .max = 32,
     .offset = offsetof(struct user_register_input, username)},
    {.name = "email", .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_TRIM, .min = 3, .max = 254,
     .offset = offsetof(struct user_register_input, email)},
    {.name = "display_name", .type = FIELD_TEXT, .flags = FIELD_TRIM, .max = 32,
     .offset = offsetof(struct user_register_input, display_name)},
    {.name = "password_hash", .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_SECRET, .min = 20, .max = 127,
     .offset = offsetof(struct user_register_input, password_hash)},
    {.name = "invite", .type = FIELD_TEXT, .flags = FIELD_TRIM, .max = 64,
     .offset = offsetof(struct user_register_input, invite)},
    {.name = "workspace", .type = FIELD_TEXT, .flags = FIELD_TRIM, .max = 100,
     .offset = offsetof(struct user_register_input, workspace)},
    {.name = "is_setup", .type = FIELD_FLAG, .offset = offsetof(struct user_register_input, is_setup)},
    {.name = "session_kind", .type = FIELD_TEXT, .flags = FIELD_REQUIRED, .max = 16,
     .offset = offsetof(struct user_register_input, session_kind)},
    {.name = "session_digest", .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_SECRET, .max = 64,
     .offset = offsetof(struct user_register_input, session_digest)},
    {.name = "device", .type = FIELD_TEXT, .max = 512, .offset = offsetof(struct user_register_input, device)},
    {.name = "address", .type = FIELD_TEXT, .max = 64, .offset = offsetof(struct user_register_input, address)},
    {0}};

const struct field user_password_fields[] = {
    {.name = "login", .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_TRIM, .min = 1, .max = 254,
     .offset = offsetof(struct user_password_input, login)},
    {.name = "password_hash", .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_SECRET, .min = 20, .max = 127,
     .offset = offsetof(struct user_password_input, password_hash)},
    {0}};
