/* The sidebar of a room: my workspaces, the channels that I am in, direct messages and groups. Part of the room's page,
 * and fetched again by the script of an open page when something changed (room_page.c). */
#ifndef SNUG_PAGE_SIDEBAR_H
#define SNUG_PAGE_SIDEBAR_H

#include "domain/channel/channel.h"
#include "page/page.h"

/* The workspace that this browser showed last, if the user is in it still, else their first; 0 when they are in none.
 */
enum err sidebar_last_guild(struct request *request, int64_t *guild_id) MUST_USE;

/* Writes what the sidebar shows beside this channel: guilds, channels, directs. In a direct message the workspace
 * is the one that this browser showed last, in a group the group's; it may be none. */
enum err sidebar_write(struct page *page, const struct channel *channel) MUST_USE;

/* Readies it for part/sidebar: guild (null when there is none), other_guilds, has_more, can_invite,
 * can_manage_channels … */
void sidebar_ready(struct request *request, struct view *data);

/* Remembers the workspace for direct messages, in a cookie, for whoever is in several. */
void sidebar_remember(struct request *request, struct response *response, const struct view *data);

/* Readies the view of a direct message or group, as its user sees it: label, initials, tint, picture, is_group,
 * people_count. */
void sidebar_ready_direct(struct arena *arena, struct view *channel);

#endif
