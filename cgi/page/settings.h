/* The frame that all settings pages stand in: templates/layout/settings.mustache. A settings page is
 *
 *   page_begin(&page, request, response);
 *   page_csrf(&page);
 *   TRY(page_settings(&page, PAGE_AT_ROLES));
 *   …
 *   return page_finish(&page, "page/roles");
 *
 * and the form on it that went well ends with page_done(request, response, "/guilds/1/roles", PAGE_DONE_SAVED). */
#ifndef SNUG_PAGE_SETTINGS_H
#define SNUG_PAGE_SETTINGS_H

#include "page/page.h"

/* The entries of the side navigation, in its order; rows are in settings.c. */
enum page_at {
	PAGE_AT_PROFILE,
	PAGE_AT_SECURITY,
	PAGE_AT_SAVED,
	PAGE_AT_DRAFTS,
	PAGE_AT_BLOCKS,
	PAGE_AT_SCHEDULED,
	PAGE_AT_EXPORT,
	PAGE_AT_DELETE,
	PAGE_AT_WORKSPACE,
	PAGE_AT_ROLES,
	PAGE_AT_MEMBERS,
	PAGE_AT_INVITES,
	PAGE_AT_BANS,
	PAGE_AT_EMOJIS,
	PAGE_AT_BOTS,
	PAGE_AT_AUDIT,
	PAGE_AT_LEAVE,
	PAGE_AT_CHANNELS,
	PAGE_AT_PEOPLE,
	PAGE_AT_CHANNEL,
	PAGE_AT_CHANNEL_MEMBERS,
	PAGE_AT_USERS,
	PAGE_AT_SECURITY_EVENTS,
	PAGE_AT_COUNT
};

/* What a page says went well, after the redirect: a line of templates/part/notice.mustache each. */
enum page_done {
	PAGE_DONE_SAVED,
	PAGE_DONE_CREATED,
	PAGE_DONE_ADDED,
	PAGE_DONE_REMOVED,
	PAGE_DONE_DELETED,
	PAGE_DONE_REVOKED,
	PAGE_DONE_SENT,
	PAGE_DONE_BANNED,
	PAGE_DONE_UNBANNED,
	PAGE_DONE_KICKED,
	PAGE_DONE_BLOCKED,
	PAGE_DONE_UNBLOCKED,
	PAGE_DONE_SUSPENDED,
	PAGE_DONE_RESTORED,
	PAGE_DONE_TRANSFERRED,
	PAGE_DONE_LEFT,
	PAGE_DONE_JOINED,
	PAGE_DONE_ARCHIVED,
	PAGE_DONE_UNARCHIVED,
	PAGE_DONE_PASSWORD,
	PAGE_DONE_TOTP_ON,
	PAGE_DONE_TOTP_OFF,
	PAGE_DONE_LOGGED_OUT,
	PAGE_DONE_COUNT
};

/* Adds settings: the navigation, with what this person may use of the workspace and the channel that the address names;
 * where it leads back to; and done, from the query. Of a page in no workspace (guild_id 0) the back link leads to "/".
 * Needs a person who is logged in, and a read transaction. */
enum err page_settings(struct page *page, enum page_at at) MUST_USE;

/* 303 to path (in the arena or constant, without a query), which will say what was done. */
void page_done(struct request *request, struct response *response, const char *path, enum page_done done);

/* "/guilds/G/tail" and "/channels/G/C/tail" (G is @me where there is none) of the request's own path, in the arena. */
const char *page_guild_path(struct request *request, const char *tail);
const char *page_own_channel_path(struct request *request, const char *tail);

#endif
