#include "domain/pin/pin.h"

const struct field pin_create_fields[] = {{.name = "channel_id",
					   .type = FIELD_ID,
					   .flags = FIELD_REQUIRED,
					   .offset = offsetof(struct pin_create_input, channel_id)},
					  {.name = "message_id",
					   .type = FIELD_ID,
					   .flags = FIELD_REQUIRED,
					   .offset = offsetof(struct pin_create_input, message_id)},
					  {0}};

const struct field pin_delete_fields[] = {{.name = "channel_id",
					   .type = FIELD_ID,
					   .flags = FIELD_REQUIRED,
					   .offset = offsetof(struct pin_delete_input, channel_id)},
					  {.name = "message_id",
					   .type = FIELD_ID,
					   .flags = FIELD_REQUIRED,
					   .offset = offsetof(struct pin_delete_input, message_id)},
					  {0}};
