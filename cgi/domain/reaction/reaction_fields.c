/* What the operations on reactions take. */
#include "domain/emoji/emoji.h"
#include "domain/fields.h"
#include "domain/reaction/reaction.h"

#define MESSAGE_OF(input) FIELD_REQUIRED_ID(input, channel_id), FIELD_REQUIRED_ID(input, message_id)
#define EMOJI_OF(input)                                                                                                \
	{                                                                                                              \
		.name = "emoji", .type = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_TRIM, .max = EMOJI_REF_MAX,       \
		.offset = offsetof(struct input, emoji)                                                                \
	}

const struct field reaction_add_fields[] = {MESSAGE_OF(reaction_add_input), EMOJI_OF(reaction_add_input), {0}};

const struct field reaction_remove_fields[] = {
    MESSAGE_OF(reaction_remove_input),
    EMOJI_OF(reaction_remove_input),
    {.name = "user_id", .type = FIELD_ID, .offset = offsetof(struct reaction_remove_input, user_id)},
    {0}};

const struct field reaction_remove_emoji_fields[] = {
    MESSAGE_OF(reaction_remove_emoji_input), EMOJI_OF(reaction_remove_emoji_input), {0}};

const struct field reaction_remove_all_fields[] = {MESSAGE_OF(reaction_remove_all_input), {0}};
