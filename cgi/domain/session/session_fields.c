/* What the operations on sessions and tokens take. */
#include "domain/factor/factor.h"
#include "domain/fields.h"
#include "domain/session/session.h"

const struct field session_create_fields[] = {
    FIELD_REQUIRED_ID(session_create_input, user_id),
    {.name = "password_hash",
     .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED | FIELD_SECRET,
     .min = 20,
     .max = 127,
     .offset = offsetof(struct session_create_input, password_hash)},
    {.name = "code",
     .type = FIELD_TEXT,
     .flags = FIELD_TRIM | FIELD_SECRET,
     .max = FACTOR_CODE_MAX,
     .offset = offsetof(struct session_create_input, code)},
    {.name = "session_kind",
     .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED,
     .max = 16,
     .offset = offsetof(struct session_create_input, session_kind)},
    {.name = "session_digest",
     .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED | FIELD_SECRET,
     .max = 64,
     .offset = offsetof(struct session_create_input, session_digest)},
    {.name = "device", .type = FIELD_TEXT, .max = 512, .offset = offsetof(struct session_create_input, device)},
    {.name = "address", .type = FIELD_TEXT, .max = 64, .offset = offsetof(struct session_create_input, address)},
    {0}};

const struct field session_revoke_fields[] = {FIELD_REQUIRED_ID(session_revoke_input, session_id), {0}};

const struct field session_end_everywhere_fields[] = {
    {.name = "keep_current", .type = FIELD_FLAG, .offset = offsetof(struct session_end_everywhere_input, keep_current)},
    {.name = "end_tokens", .type = FIELD_FLAG, .offset = offsetof(struct session_end_everywhere_input, end_tokens)},
    {0}};

const struct field session_touch_fields[] = {{0}};

const struct field session_refresh_fields[] = {{.name = "digest",
						.type = FIELD_TEXT,
						.flags = FIELD_REQUIRED | FIELD_SECRET,
						.max = 64,
						.offset = offsetof(struct session_refresh_input, digest)},
					       {.name = "new_digest",
						.type = FIELD_TEXT,
						.flags = FIELD_REQUIRED | FIELD_SECRET,
						.max = 64,
						.offset = offsetof(struct session_refresh_input, new_digest)},
					       {0}};

const struct field session_end_fields[] = {{.name = "digest",
					    .type = FIELD_TEXT,
					    .flags = FIELD_SECRET,
					    .max = 64,
					    .offset = offsetof(struct session_end_input, digest)},
					   {0}};

const struct field token_create_fields[] = {{.name = "name",
					     .type = FIELD_TEXT,
					     .flags = FIELD_REQUIRED | FIELD_TRIM,
					     .min = 1,
					     .max = 100,
					     .offset = offsetof(struct token_create_input, name)},
					    {.name = "digest",
					     .type = FIELD_TEXT,
					     .flags = FIELD_REQUIRED | FIELD_SECRET,
					     .max = 64,
					     .offset = offsetof(struct token_create_input, digest)},
					    {0}};

const struct field token_revoke_fields[] = {FIELD_REQUIRED_ID(token_revoke_input, token_id), {0}};
