/* What the operations on polls take. */
#include "domain/fields.h"
#include "domain/poll/poll.h"

const struct field poll_vote_fields[] = {
    FIELD_REQUIRED_ID(poll_vote_input, channel_id),
    FIELD_REQUIRED_ID(poll_vote_input, message_id),
    {.name = "answer_ids", .type = FIELD_JSON, .offset = offsetof(struct poll_vote_input, answer_ids)},
    {.name = "answer_id",
     .type = FIELD_INT,
     .min = 1,
     .max = POLL_ANSWERS_MAX,
     .offset = offsetof(struct poll_vote_input, answer_id)},
    {.name = "is_chosen", .type = FIELD_FLAG, .offset = offsetof(struct poll_vote_input, is_chosen)},
    {0}};

const struct field poll_expire_fields[] = {
    FIELD_REQUIRED_ID(poll_expire_input, channel_id), FIELD_REQUIRED_ID(poll_expire_input, message_id), {0}};
