/* What the operations on members take. */
#include "domain/fields.h"
#include "domain/member/member.h"

#define NICK(input)                                                                                                    \
	{                                                                                                              \
		.name = "nick", .type = FIELD_TEXT, .flags = FIELD_TRIM, .max = MEMBER_NICKNAME_MAX,                   \
		.offset = offsetof(struct input, nick)                                                                 \
	}

const struct field member_update_fields[] = {
    FIELD_REQUIRED_ID(member_update_input, guild_id),
    FIELD_REQUIRED_ID(member_update_input, user_id),
    NICK(member_update_input),
    {.name = "roles", .type = FIELD_JSON, .offset = offsetof(struct member_update_input, roles)},
    {.name = "communication_disabled_until",
     .type = FIELD_TEXT,
     .flags = FIELD_TRIM,
     .max = 64,
     .offset = offsetof(struct member_update_input, communication_disabled_until)},
    {0}};

const struct field member_nickname_fields[] = {
    FIELD_REQUIRED_ID(member_nickname_input, guild_id), NICK(member_nickname_input), {0}};

const struct field member_role_add_fields[] = {FIELD_REQUIRED_ID(member_role_add_input, guild_id),
					       FIELD_REQUIRED_ID(member_role_add_input, user_id),
					       FIELD_REQUIRED_ID(member_role_add_input, role_id),
					       {0}};

const struct field member_role_remove_fields[] = {FIELD_REQUIRED_ID(member_role_remove_input, guild_id),
						  FIELD_REQUIRED_ID(member_role_remove_input, user_id),
						  FIELD_REQUIRED_ID(member_role_remove_input, role_id),
						  {0}};

const struct field member_kick_fields[] = {
    FIELD_REQUIRED_ID(member_kick_input, guild_id), FIELD_REQUIRED_ID(member_kick_input, user_id), {0}};
