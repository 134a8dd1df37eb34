/* What the operations on drafts take. The longest content is configuration; apply checks it. */
#include "domain/draft/draft.h"
#include "domain/fields.h"

const struct field draft_set_fields[] = {
    FIELD_REQUIRED_ID(draft_set_input, channel_id),
    {.name = "content",
     .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED | FIELD_MULTILINE,
     .max = DRAFT_CONTENT_MAX,
     .offset = offsetof(struct draft_set_input, content)},
    {.name = "nonce", .type = FIELD_NONCE, .max = DRAFT_NONCE_MAX, .offset = offsetof(struct draft_set_input, nonce)},
    {.name = "revision", .type = FIELD_ID, .offset = offsetof(struct draft_set_input, revision)},
    {0}};

const struct field draft_delete_fields[] = {FIELD_REQUIRED_ID(draft_delete_input, channel_id), {0}};
