/* What the operations on the second factor take. */
#include "domain/factor/factor.h"

#define HASH_FIELD(of)                                                                                                 \
	{                                                                                                              \
		.name = "password_hash", .type = FIELD_TEXT, .flags = FIELD_SECRET, .max = 127,                        \
		.offset = offsetof(struct of, password_hash)                                                           \
	}
#define CODE_FIELD(of)                                                                                                 \
	{                                                                                                              \
		.name = "code", .type = FIELD_TEXT, .flags = FIELD_TRIM | FIELD_SECRET, .max = FACTOR_CODE_MAX,        \
		.offset = offsetof(struct of, code)                                                                    \
	}
#define DIGEST_FIELD(of)                                                                                               \
	{                                                                                                              \
		.name = "session_digest", .type = FIELD_TEXT, .flags = FIELD_SECRET, .max = 64,                        \
		.offset = offsetof(struct of, session_digest)                                                          \
	}

const struct field factor_begin_fields[] = {{0}};
const struct field factor_confirm_fields[] = {
    HASH_FIELD(factor_confirm_input), CODE_FIELD(factor_confirm_input), DIGEST_FIELD(factor_confirm_input), {0}};
const struct field factor_end_fields[] = {
    HASH_FIELD(factor_end_input), CODE_FIELD(factor_end_input), DIGEST_FIELD(factor_end_input), {0}};
const struct field factor_renew_codes_fields[] = {
    HASH_FIELD(factor_renew_codes_input), CODE_FIELD(factor_renew_codes_input), {0}};
