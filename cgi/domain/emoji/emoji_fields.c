/* What the operations on emoji take. */
#include "domain/emoji/emoji.h"
#include "domain/fields.h"
#include "domain/picture/picture.h"

const struct field emoji_create_fields[] = {FIELD_REQUIRED_ID(emoji_create_input, guild_id),
					    {.name = "name",
					     .type = FIELD_TEXT,
					     .flags = FIELD_REQUIRED | FIELD_TRIM,
					     .min = EMOJI_CUSTOM_NAME_MIN,
					     .max = EMOJI_CUSTOM_NAME_MAX,
					     .offset = offsetof(struct emoji_create_input, name)},
					    {.name = "picture",
					     .type = FIELD_TEXT,
					     .flags = FIELD_REQUIRED | FIELD_SECRET,
					     .max = PICTURE_TEXT_MAX,
					     .offset = offsetof(struct emoji_create_input, picture)},
					    {0}};

const struct field emoji_update_fields[] = {FIELD_REQUIRED_ID(emoji_update_input, guild_id),
					    FIELD_REQUIRED_ID(emoji_update_input, emoji_id),
					    {.name = "name",
					     .type = FIELD_TEXT,
					     .flags = FIELD_TRIM,
					     .min = EMOJI_CUSTOM_NAME_MIN,
					     .max = EMOJI_CUSTOM_NAME_MAX,
					     .offset = offsetof(struct emoji_update_input, name)},
					    {0}};

const struct field emoji_delete_fields[] = {
    FIELD_REQUIRED_ID(emoji_delete_input, guild_id), FIELD_REQUIRED_ID(emoji_delete_input, emoji_id), {0}};
