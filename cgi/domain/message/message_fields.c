/* What the operations on messages take. The longest content is configuration; apply checks it. */
#include "domain/message/message.h"

enum { CONTENT_HARD_MAX = 4000 };

const struct field message_create_fields[] = {{.name = "channel_id",
					       .type = FIELD_ID,
					       .flags = FIELD_REQUIRED,
					       .offset = offsetof(struct message_create_input, channel_id)},
					      {.name = "content",
					       .type = FIELD_TEXT,
					       .flags = FIELD_TRIM | FIELD_MULTILINE,
					       .max = CONTENT_HARD_MAX,
					       .offset = offsetof(struct message_create_input, content)},
					      {.name = "nonce",
					       .type = FIELD_NONCE,
					       .max = MESSAGE_NONCE_MAX,
					       .offset = offsetof(struct message_create_input, nonce)},
					      {.name = "poll",
					       .type = FIELD_JSON,
					       .offset = offsetof(struct message_create_input, poll)},
					      {0}};

const struct field message_update_fields[] = {{.name = "channel_id",
					       .type = FIELD_ID,
					       .flags = FIELD_REQUIRED,
					       .offset = offsetof(struct message_update_input, channel_id)},
					      {.name = "message_id",
					       .type = FIELD_ID,
					       .flags = FIELD_REQUIRED,
					       .offset = offsetof(struct message_update_input, message_id)},
					      {.name = "content",
					       .type = FIELD_TEXT,
					       .flags = FIELD_TRIM | FIELD_MULTILINE,
					       .max = CONTENT_HARD_MAX,
					       .offset = offsetof(struct message_update_input, content)},
					      {0}};

const struct field message_delete_fields[] = {{.name = "channel_id",
					       .type = FIELD_ID,
					       .flags = FIELD_REQUIRED,
					       .offset = offsetof(struct message_delete_input, channel_id)},
					      {.name = "message_id",
					       .type = FIELD_ID,
					       .flags = FIELD_REQUIRED,
					       .offset = offsetof(struct message_delete_input, message_id)},
					      {0}};
