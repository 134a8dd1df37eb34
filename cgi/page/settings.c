/* The side navigation of settings pages, and the notice of what went well. See settings.h.
 *
 * An entry that a person may not use is not shown; each page's own route refuses it nevertheless. */
#include "page/settings.h"

#include "domain/channel/channel.h"
#include "domain/guild/guild.h"
#include "domain/perm.h"
#include "domain/user/user.h"
#include "front/reply.h"

#include <string.h>

enum group { GROUP_ACCOUNT, GROUP_WORKSPACE, GROUP_CHANNEL, GROUP_SERVER };

/* name is the flag in settings.at and settings.may. */
static const struct entry {
	const char *name;
	enum group group;
	uint64_t needed; /* in the workspace; 0: every member */
} entries[PAGE_AT_COUNT] = {
    [PAGE_AT_PROFILE] = {"profile", GROUP_ACCOUNT, 0},
    [PAGE_AT_SECURITY] = {"security", GROUP_ACCOUNT, 0},
    [PAGE_AT_SAVED] = {"saved", GROUP_ACCOUNT, 0},
    [PAGE_AT_DRAFTS] = {"drafts", GROUP_ACCOUNT, 0},
    [PAGE_AT_BLOCKS] = {"blocks", GROUP_ACCOUNT, 0},
    [PAGE_AT_SCHEDULED] = {"scheduled", GROUP_ACCOUNT, 0},
    [PAGE_AT_EXPORT] = {"export", GROUP_ACCOUNT, 0},
    [PAGE_AT_DELETE] = {"delete", GROUP_ACCOUNT, 0},
    [PAGE_AT_WORKSPACE] = {"workspace", GROUP_WORKSPACE, PERM_MANAGE_GUILD},
    [PAGE_AT_ROLES] = {"roles", GROUP_WORKSPACE, PERM_MANAGE_ROLES},
    [PAGE_AT_MEMBERS] = {"members", GROUP_WORKSPACE, 0},
    [PAGE_AT_INVITES] = {"invites", GROUP_WORKSPACE, PERM_CREATE_INVITE},
    [PAGE_AT_BANS] = {"bans", GROUP_WORKSPACE, PERM_BAN_MEMBERS},
    [PAGE_AT_EMOJIS] = {"emojis", GROUP_WORKSPACE, 0},
    [PAGE_AT_BOTS] = {"bots", GROUP_WORKSPACE, PERM_MANAGE_GUILD},
    [PAGE_AT_AUDIT] = {"audit", GROUP_WORKSPACE, PERM_VIEW_AUDIT_LOG},
    [PAGE_AT_LEAVE] = {"leave", GROUP_WORKSPACE, 0},
    [PAGE_AT_CHANNELS] = {"channels", GROUP_WORKSPACE, 0},
    [PAGE_AT_PEOPLE] = {"people", GROUP_WORKSPACE, 0},
    [PAGE_AT_CHANNEL] = {"channel", GROUP_CHANNEL, 0},
    [PAGE_AT_CHANNEL_MEMBERS] = {"channel_members", GROUP_CHANNEL, 0},
    [PAGE_AT_USERS] = {"users", GROUP_SERVER, 0},
    [PAGE_AT_SECURITY_EVENTS] = {"security_events", GROUP_SERVER, 0},
};

/* The word in the address, and the flag in settings.done. */
static const char *const done_words[PAGE_DONE_COUNT] = {
    [PAGE_DONE_SAVED] = "saved",
    [PAGE_DONE_CREATED] = "created",
    [PAGE_DONE_ADDED] = "added",
    [PAGE_DONE_REMOVED] = "removed",
    [PAGE_DONE_DELETED] = "deleted",
    [PAGE_DONE_REVOKED] = "revoked",
    [PAGE_DONE_SENT] = "sent",
    [PAGE_DONE_BANNED] = "banned",
    [PAGE_DONE_UNBANNED] = "unbanned",
    [PAGE_DONE_KICKED] = "kicked",
    [PAGE_DONE_BLOCKED] = "blocked",
    [PAGE_DONE_UNBLOCKED] = "unblocked",
    [PAGE_DONE_SUSPENDED] = "suspended",
    [PAGE_DONE_RESTORED] = "restored",
    [PAGE_DONE_TRANSFERRED] = "transferred",
    [PAGE_DONE_LEFT] = "left",
    [PAGE_DONE_JOINED] = "joined",
    [PAGE_DONE_ARCHIVED] = "archived",
    [PAGE_DONE_UNARCHIVED] = "unarchived",
    [PAGE_DONE_PASSWORD] = "password",
    [PAGE_DONE_TOTP_ON] = "totp_on",
    [PAGE_DONE_TOTP_OFF] = "totp_off",
    [PAGE_DONE_LOGGED_OUT] = "logged_out",
};

static void write_at(struct page *page, enum page_at at)
{
	jw_object(&page->jw, "at");
	for (size_t i = 0; i < PAGE_AT_COUNT; i++)
		jw_flag(&page->jw, entries[i].name, i == (size_t)at);
	jw_object_end(&page->jw);
}

/* What stands in the query shows a sentence of ours, and nothing of the query itself. */
static void write_done(struct page *page)
{
	const char *word = form_find(&page->request->query, "done");
	bool is_known = false;

	jw_object(&page->jw, "done");
	for (size_t i = 0; i < PAGE_DONE_COUNT; i++) {
		bool is_it = word != NULL && strcmp(word, done_words[i]) == 0;
		jw_flag(&page->jw, done_words[i], is_it);
		is_known = is_known || is_it;
	}
	jw_object_end(&page->jw);
	jw_flag(&page->jw, "is_done", is_known);
}

/* Adds may: the workspace's entries, true where the bits suffice. */
static void write_may(struct page *page, uint64_t bits, bool is_owner)
{
	jw_object(&page->jw, "may");
	for (size_t i = 0; i < PAGE_AT_COUNT; i++) {
		if (entries[i].group == GROUP_WORKSPACE)
			jw_flag(&page->jw, entries[i].name,
				perm_has(bits, entries[i].needed) && !(i == PAGE_AT_LEAVE && is_owner));
	}
	jw_object_end(&page->jw);
}

static enum err write_workspace(struct page *page)
{
	struct request *request = page->request;
	int64_t guild_id = request->path.guild_id, user_id = request->caller.user_id;
	struct guild guild;
	uint64_t bits;

	if (guild_id == 0) {
		jw_null(&page->jw, "workspace");
		return ERR_OK;
	}
	TRY(guild_find(request->db, request->arena, guild_id, &guild));
	TRY(perm_of_guild(request->db, request->arena, guild_id, user_id, &bits));
	jw_object(&page->jw, "workspace");
	jw_id(&page->jw, "id", guild.id);
	jw_text(&page->jw, "name", guild.name);
	write_may(page, bits, guild.owner_id == user_id);
	jw_object_end(&page->jw);
	return ERR_OK;
}

static enum err write_channel(struct page *page)
{
	struct request *request = page->request;
	struct channel channel;

	if (request->path.channel_id == 0) {
		jw_null(&page->jw, "channel");
		return ERR_OK;
	}
	TRY(channel_find(request->db, request->arena, request->path.channel_id, &channel));
	jw_object(&page->jw, "channel");
	jw_text(&page->jw, "path", page_own_channel_path(request, ""));
	jw_text(&page->jw, "name", channel.name);
	jw_flag(&page->jw, "is_direct", channel.guild_id == 0);
	jw_flag(&page->jw, "is_category", channel.type == CHANNEL_TYPE_CATEGORY);
	jw_object_end(&page->jw);
	return ERR_OK;
}

/* A category has no conversation to lead back to. */
static const char *back_path(struct request *request)
{
	if (request->path.channel_id != 0)
		return page_own_channel_path(request, "");
	return request->path.guild_id != 0 ? page_channel_path(request, request->path.guild_id, 0) : "/";
}

enum err page_settings(struct page *page, enum page_at at)
{
	struct request *request = page->request;
	bool is_admin;

	TRY(user_is_admin(request->db, request->caller.user_id, &is_admin));
	jw_object(&page->jw, "settings");
	jw_text(&page->jw, "back", back_path(request));
	jw_flag(&page->jw, "is_server_admin", is_admin);
	write_at(page, at);
	write_done(page);
	TRY(write_workspace(page));
	TRY(write_channel(page));
	jw_object_end(&page->jw);
	return ERR_OK;
}

void page_done(struct request *request, struct response *response, const char *path, enum page_done done)
{
	reply_redirect(response, arena_printf(request->arena, "%s?done=%s", path, done_words[done]));
}

const char *page_guild_path(struct request *request, const char *tail)
{
	return arena_printf(request->arena, "/guilds/%lld%s", (long long)request->path.guild_id, tail);
}

const char *page_own_channel_path(struct request *request, const char *tail)
{
	return arena_printf(request->arena, "%s%s",
			    page_channel_path(request, request->path.guild_id, request->path.channel_id), tail);
}
