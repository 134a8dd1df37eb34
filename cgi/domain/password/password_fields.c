/* What the operations on passwords take. */
#include "domain/password/password.h"

enum { HASH_MIN = 20, HASH_MAX = 127 };

const struct field password_change_fields[] = {
    {.name = "current_hash",
     .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED | FIELD_SECRET,
     .min = HASH_MIN,
     .max = HASH_MAX,
     .offset = offsetof(struct password_change_input, current_hash)},
    {.name = "password_hash",
     .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED | FIELD_SECRET,
     .min = HASH_MIN,
     .max = HASH_MAX,
     .offset = offsetof(struct password_change_input, password_hash)},
    {.name = "session_digest",
     .type = FIELD_TEXT,
     .flags = FIELD_SECRET,
     .max = 64,
     .offset = offsetof(struct password_change_input, session_digest)},
    {.name = "end_tokens", .type = FIELD_FLAG, .offset = offsetof(struct password_change_input, end_tokens)},
    {0}};

const struct field password_reset_ask_fields[] = {{.name = "login",
						   .alias = "email",
						   .type = FIELD_TEXT,
						   .flags = FIELD_REQUIRED | FIELD_TRIM,
						   .min = 1,
						   .max = 254,
						   .offset = offsetof(struct password_reset_ask_input, login)},
						  {0}};

const struct field password_reset_fields[] = {{.name = "digest",
					       .type = FIELD_TEXT,
					       .flags = FIELD_REQUIRED | FIELD_SECRET,
					       .max = 64,
					       .offset = offsetof(struct password_reset_input, digest)},
					      {.name = "password_hash",
					       .type = FIELD_TEXT,
					       .flags = FIELD_REQUIRED | FIELD_SECRET,
					       .min = HASH_MIN,
					       .max = HASH_MAX,
					       .offset = offsetof(struct password_reset_input, password_hash)},
					      {0}};
