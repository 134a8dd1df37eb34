/* What the operations on scheduled messages take. message_create's own rules are asked when one is written too. */
#include "domain/draft/draft.h"
#include "domain/fields.h"
#include "domain/message/message.h"
#include "domain/scheduled/scheduled.h"

const struct field scheduled_create_fields[] = {
    FIELD_REQUIRED_ID(scheduled_create_input, channel_id),
    {.name = "content",
     .type = FIELD_TEXT,
     .flags = FIELD_TRIM | FIELD_MULTILINE,
     .max = MESSAGE_CONTENT_HARD_MAX,
     .offset = offsetof(struct scheduled_create_input, content)},
    {.name = "send_at",
     .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED | FIELD_TRIM,
     .max = SCHEDULED_TIME_MAX,
     .offset = offsetof(struct scheduled_create_input, send_at)},
    {.name = "files", .type = FIELD_JSON, .offset = offsetof(struct scheduled_create_input, files)},
    {.name = "resolve_names", .type = FIELD_FLAG, .offset = offsetof(struct scheduled_create_input, resolve_names)},
    {.name = "draft_revision", .type = FIELD_ID, .offset = offsetof(struct scheduled_create_input, draft_revision)},
    {.name = "draft_nonce",
     .type = FIELD_NONCE,
     .max = DRAFT_NONCE_MAX,
     .offset = offsetof(struct scheduled_create_input, draft_nonce)},
    {0}};

const struct field scheduled_update_fields[] = {FIELD_REQUIRED_ID(scheduled_update_input, scheduled_id),
						{.name = "content",
						 .type = FIELD_TEXT,
						 .flags = FIELD_TRIM | FIELD_MULTILINE,
						 .max = MESSAGE_CONTENT_HARD_MAX,
						 .offset = offsetof(struct scheduled_update_input, content)},
						{.name = "send_at",
						 .type = FIELD_TEXT,
						 .flags = FIELD_TRIM,
						 .max = SCHEDULED_TIME_MAX,
						 .offset = offsetof(struct scheduled_update_input, send_at)},
						{0}};

const struct field scheduled_delete_fields[] = {FIELD_REQUIRED_ID(scheduled_delete_input, scheduled_id), {0}};
