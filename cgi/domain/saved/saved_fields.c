/* What the operations on saved messages take. */
#include "domain/saved/saved.h"

const struct field saved_add_fields[] = {{.name = "channel_id",
					  .type = FIELD_ID,
					  .flags = FIELD_REQUIRED,
					  .offset = offsetof(struct saved_add_input, channel_id)},
					 {.name = "message_id",
					  .type = FIELD_ID,
					  .flags = FIELD_REQUIRED,
					  .offset = offsetof(struct saved_add_input, message_id)},
					 {0}};

const struct field saved_remove_fields[] = {{.name = "channel_id",
					     .type = FIELD_ID,
					     .flags = FIELD_REQUIRED,
					     .offset = offsetof(struct saved_remove_input, channel_id)},
					    {.name = "message_id",
					     .type = FIELD_ID,
					     .flags = FIELD_REQUIRED,
					     .offset = offsetof(struct saved_remove_input, message_id)},
					    {0}};
