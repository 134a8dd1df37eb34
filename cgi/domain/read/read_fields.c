/* What the operations on read states take. */
#include "domain/fields.h"
#include "domain/read/read.h"

const struct field read_ack_fields[] = {
    FIELD_REQUIRED_ID(read_ack_input, channel_id),
    FIELD_REQUIRED_ID(read_ack_input, message_id),
    {.name = "manual", .type = FIELD_FLAG, .offset = offsetof(struct read_ack_input, manual)},
    {0}};

const struct field read_unread_fields[] = {
    FIELD_REQUIRED_ID(read_unread_input, channel_id), FIELD_REQUIRED_ID(read_unread_input, message_id), {0}};

const struct field read_ack_channel_fields[] = {FIELD_REQUIRED_ID(read_ack_channel_input, channel_id), {0}};

const struct field read_ack_guild_fields[] = {FIELD_REQUIRED_ID(read_ack_guild_input, guild_id), {0}};

const struct field read_receipts_fields[] = {{.name = "read_receipts",
					      .type = FIELD_FLAG,
					      .flags = FIELD_REQUIRED,
					      .offset = offsetof(struct read_receipts_input, read_receipts)},
					     {0}};
