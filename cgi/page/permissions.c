/* The rows of the permissions editor: see permissions.h. */
#include "page/permissions.h"

#include "domain/perm.h"

#include <stdbool.h>
#include <stddef.h>

enum group { GROUP_WORKSPACE, GROUP_PEOPLE, GROUP_MESSAGES, GROUP_CALLS, GROUP_COUNT };

static const char *const groups[] = {"workspace", "people", "messages", "calls"};
_Static_assert(sizeof(groups) / sizeof(groups[0]) == GROUP_COUNT, "one name a group");

static const struct row {
	const char *key;
	uint64_t bit;
	enum group group;
} rows[] = {
    {"administrator", PERM_ADMINISTRATOR, GROUP_WORKSPACE},
    {"manage_guild", PERM_MANAGE_GUILD, GROUP_WORKSPACE},
    {"manage_roles", PERM_MANAGE_ROLES, GROUP_WORKSPACE},
    {"manage_channels", PERM_MANAGE_CHANNELS, GROUP_WORKSPACE},
    {"view_audit_log", PERM_VIEW_AUDIT_LOG, GROUP_WORKSPACE},
    {"manage_webhooks", PERM_MANAGE_WEBHOOKS, GROUP_WORKSPACE},
    {"create_expressions", PERM_CREATE_EXPRESSIONS, GROUP_WORKSPACE},
    {"manage_expressions", PERM_MANAGE_EXPRESSIONS, GROUP_WORKSPACE},

    {"create_invite", PERM_CREATE_INVITE, GROUP_PEOPLE},
    {"change_nickname", PERM_CHANGE_NICKNAME, GROUP_PEOPLE},
    {"manage_nicknames", PERM_MANAGE_NICKNAMES, GROUP_PEOPLE},
    {"moderate_members", PERM_MODERATE_MEMBERS, GROUP_PEOPLE},
    {"kick_members", PERM_KICK_MEMBERS, GROUP_PEOPLE},
    {"ban_members", PERM_BAN_MEMBERS, GROUP_PEOPLE},

    {"view_channel", PERM_VIEW_CHANNEL, GROUP_MESSAGES},
    {"send_messages", PERM_SEND_MESSAGES, GROUP_MESSAGES},
    {"read_history", PERM_READ_HISTORY, GROUP_MESSAGES},
    {"attach_files", PERM_ATTACH_FILES, GROUP_MESSAGES},
    {"embed_links", PERM_EMBED_LINKS, GROUP_MESSAGES},
    {"add_reactions", PERM_ADD_REACTIONS, GROUP_MESSAGES},
    {"external_emojis", PERM_EXTERNAL_EMOJIS, GROUP_MESSAGES},
    {"mention_everyone", PERM_MENTION_EVERYONE, GROUP_MESSAGES},
    {"send_polls", PERM_SEND_POLLS, GROUP_MESSAGES},
    {"send_voice_messages", PERM_SEND_VOICE_MESSAGES, GROUP_MESSAGES},
    {"use_commands", PERM_USE_COMMANDS, GROUP_MESSAGES},
    {"create_threads", PERM_CREATE_PUBLIC_THREADS, GROUP_MESSAGES},
    {"create_private_threads", PERM_CREATE_PRIVATE_THREADS, GROUP_MESSAGES},
    {"send_in_threads", PERM_SEND_IN_THREADS, GROUP_MESSAGES},
    {"manage_threads", PERM_MANAGE_THREADS, GROUP_MESSAGES},
    {"pin_messages", PERM_PIN_MESSAGES, GROUP_MESSAGES},
    {"manage_messages", PERM_MANAGE_MESSAGES, GROUP_MESSAGES},
    {"bypass_slow_mode", PERM_BYPASS_SLOW_MODE, GROUP_MESSAGES},

    {"connect", PERM_CONNECT, GROUP_CALLS},
    {"speak", PERM_SPEAK, GROUP_CALLS},
    {"stream", PERM_STREAM, GROUP_CALLS},
    {"mute_members", PERM_MUTE_MEMBERS, GROUP_CALLS},
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

/* Every key is there, so that a template which asks for one that is missing fails where it is tested. */
static void write_is(struct jw *jw, const struct row *row)
{
	jw_object(jw, "is");
	for (size_t i = 0; i < ROWS; i++)
		jw_flag(jw, rows[i].key, row == &rows[i]);
	jw_object_end(jw);
}

static void write_group_is(struct jw *jw, size_t group)
{
	jw_object(jw, "is");
	for (size_t i = 0; i < GROUP_COUNT; i++)
		jw_flag(jw, groups[i], i == group);
	jw_object_end(jw);
}

void permissions_write(struct jw *jw, const char *key, uint64_t has, uint64_t may)
{
	jw_array(jw, key);
	for (size_t group = 0; group < GROUP_COUNT; group++) {
		jw_object(jw, NULL);
		write_group_is(jw, group);
		jw_array(jw, "permissions");
		for (size_t i = 0; i < ROWS; i++) {
			if (rows[i].group != group)
				continue;
			jw_object(jw, NULL);
			jw_text(jw, "key", rows[i].key);
			write_is(jw, &rows[i]);
			jw_flag(jw, "has", perm_has(has, rows[i].bit));
			jw_flag(jw, "may", perm_has(may, rows[i].bit));
			jw_object_end(jw);
		}
		jw_array_end(jw);
		jw_object_end(jw);
	}
	jw_array_end(jw);
}

void permissions_write_names(struct jw *jw, const char *key, uint64_t bits)
{
	jw_array(jw, key);
	for (size_t i = 0; i < ROWS; i++) {
		if ((bits & rows[i].bit) == 0)
			continue;
		jw_object(jw, NULL);
		write_is(jw, &rows[i]);
		jw_object_end(jw);
	}
	jw_array_end(jw);
}

/* A box that is disabled is not sent: it stays as it is. */
uint64_t permissions_read(const struct form *form, uint64_t now, uint64_t shown, uint64_t may)
{
	for (size_t i = 0; i < ROWS; i++) {
		uint64_t bit = rows[i].bit & may;
		bool is_ticked = form_find(form, rows[i].key) != NULL;
		if (is_ticked && (shown & bit) == 0)
			now |= bit;
		else if (!is_ticked && (shown & bit) != 0)
			now &= ~bit;
	}
	return now;
}
