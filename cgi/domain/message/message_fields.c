/* What the operations on messages take. The longest content is configuration; apply checks it. */
#include "domain/draft/draft.h"
#include "domain/fields.h"
#include "domain/message/message.h"

const struct field message_create_fields[] = {
    FIELD_REQUIRED_ID(message_create_input, channel_id),
    {.name = "content",
     .type = FIELD_TEXT,
     .flags = FIELD_TRIM | FIELD_MULTILINE,
     .max = MESSAGE_CONTENT_HARD_MAX,
     .offset = offsetof(struct message_create_input, content)},
    {.name = "nonce",
     .type = FIELD_NONCE,
     .max = MESSAGE_NONCE_MAX,
     .offset = offsetof(struct message_create_input, nonce)},
    {.name = "embeds", .type = FIELD_JSON, .offset = offsetof(struct message_create_input, embeds)},
    {.name = "embed", .type = FIELD_JSON, .offset = offsetof(struct message_create_input, embed)},
    {.name = "allowed_mentions", .type = FIELD_JSON, .offset = offsetof(struct message_create_input, allowed_mentions)},
    {.name = "message_reference",
     .type = FIELD_JSON,
     .offset = offsetof(struct message_create_input, message_reference)},
    {.name = "files", .type = FIELD_JSON, .offset = offsetof(struct message_create_input, files)},
    {.name = "poll", .type = FIELD_JSON, .offset = offsetof(struct message_create_input, poll)},
    {.name = "flags", .type = FIELD_INT, .max = INT32_MAX, .offset = offsetof(struct message_create_input, flags)},
    {.name = "reply_to", .type = FIELD_ID, .offset = offsetof(struct message_create_input, reply_to)},
    {.name = "also_in_channel", .type = FIELD_FLAG, .offset = offsetof(struct message_create_input, also_in_channel)},
    {.name = "resolve_names", .type = FIELD_FLAG, .offset = offsetof(struct message_create_input, resolve_names)},
    {.name = "draft_revision", .type = FIELD_ID, .offset = offsetof(struct message_create_input, draft_revision)},
    {.name = "draft_nonce",
     .type = FIELD_NONCE,
     .max = DRAFT_NONCE_MAX,
     .offset = offsetof(struct message_create_input, draft_nonce)},
    {0}};

const struct field message_update_fields[] = {
    FIELD_REQUIRED_ID(message_update_input, channel_id),
    FIELD_REQUIRED_ID(message_update_input, message_id),
    {.name = "content",
     .type = FIELD_TEXT,
     .flags = FIELD_TRIM | FIELD_MULTILINE,
     .max = MESSAGE_CONTENT_HARD_MAX,
     .offset = offsetof(struct message_update_input, content)},
    {.name = "embeds", .type = FIELD_JSON, .offset = offsetof(struct message_update_input, embeds)},
    {.name = "embed", .type = FIELD_JSON, .offset = offsetof(struct message_update_input, embed)},
    {.name = "allowed_mentions", .type = FIELD_JSON, .offset = offsetof(struct message_update_input, allowed_mentions)},
    {.name = "attachments", .type = FIELD_JSON, .offset = offsetof(struct message_update_input, attachments)},
    {.name = "files", .type = FIELD_JSON, .offset = offsetof(struct message_update_input, files)},
    {.name = "flags", .type = FIELD_INT, .max = INT32_MAX, .offset = offsetof(struct message_update_input, flags)},
    {.name = "resolve_names", .type = FIELD_FLAG, .offset = offsetof(struct message_update_input, resolve_names)},
    {0}};

const struct field message_bulk_delete_fields[] = {FIELD_REQUIRED_ID(message_bulk_delete_input, channel_id),
						   {.name = "messages",
						    .type = FIELD_JSON,
						    .flags = FIELD_REQUIRED,
						    .offset = offsetof(struct message_bulk_delete_input, messages)},
						   {0}};

const struct field message_delete_fields[] = {
    FIELD_REQUIRED_ID(message_delete_input, channel_id), FIELD_REQUIRED_ID(message_delete_input, message_id), {0}};
