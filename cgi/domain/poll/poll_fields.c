/* What the operations on polls take. */
#include "domain/poll/poll.h"

const struct field poll_vote_fields[] = {{.name = "channel_id",
					  .type = FIELD_ID,
					  .flags = FIELD_REQUIRED,
					  .offset = offsetof(struct poll_vote_input, channel_id)},
					 {.name = "message_id",
					  .type = FIELD_ID,
					  .flags = FIELD_REQUIRED,
					  .offset = offsetof(struct poll_vote_input, message_id)},
					 {.name = "answer_ids",
					  .type = FIELD_JSON,
					  .flags = FIELD_REQUIRED,
					  .offset = offsetof(struct poll_vote_input, answer_ids)},
					 {0}};

const struct field poll_expire_fields[] = {{.name = "channel_id",
					    .type = FIELD_ID,
					    .flags = FIELD_REQUIRED,
					    .offset = offsetof(struct poll_expire_input, channel_id)},
					   {.name = "message_id",
					    .type = FIELD_ID,
					    .flags = FIELD_REQUIRED,
					    .offset = offsetof(struct poll_expire_input, message_id)},
					   {0}};
