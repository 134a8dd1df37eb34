/* See sidebar.h. */
#include "page/sidebar.h"

#include "base/id.h"
#include "domain/channel/channel_sidebar.h"
#include "domain/guild/guild.h"
#include "domain/perm.h"
#include "front/reply.h"
#include "http/cookie.h"
#include "text/fragment.h"

#include <string.h>

enum { GUILDS_SHOWN_MAX = 100, COOKIE_AGE_S = 365 * 24 * 60 * 60, LABEL_NAMES_MAX = 8 };

/* No secret, and nothing is decided by it but what a direct message stands beside. */
static const char cookie_name[] = "snug_workspace";

/* The workspace that the cookie names, if the user is in it; 0 otherwise. */
static enum err remembered_guild(struct request *request, int64_t *guild_id)
{
	struct str value;
	uint64_t bits;

	*guild_id = 0;
	if (!cookie_find(request_param(request, "HTTP_COOKIE"), cookie_name, &value) ||
	    !id_parse(value.p, value.n, guild_id))
		return ERR_OK;
	enum err e = perm_of_guild(request->db, request->arena, *guild_id, request->caller.user_id, &bits);
	if (e == ERR_UNKNOWN_GUILD)
		*guild_id = 0;
	return e == ERR_UNKNOWN_GUILD ? ERR_OK : e;
}

enum err sidebar_last_guild(struct request *request, int64_t *guild_id)
{
	TRY(remembered_guild(request, guild_id));
	return *guild_id != 0 ? ERR_OK : guild_first_of_user(request->db, request->caller.user_id, guild_id);
}

static enum err shown_guild(struct request *request, const struct channel *channel, int64_t *guild_id)
{
	*guild_id = channel->guild_id != 0 ? channel->guild_id : channel->home_guild_id;
	return *guild_id != 0 ? ERR_OK : sidebar_last_guild(request, guild_id);
}

enum err sidebar_write(struct page *page, const struct channel *channel)
{
	struct request *request = page->request;
	struct jw *jw = &page->jw;
	const struct channel_sidebar whose = {request->caller.user_id, channel->id, request->now_ms};
	int64_t guild_id;

	TRY(shown_guild(request, channel, &guild_id));
	jw_id(jw, "shown_guild_id", guild_id);
	TRY(guild_list_to_json(request->db, request->arena, jw, "guilds", whose.user_id, 0, 0, GUILDS_SHOWN_MAX));
	TRY(channel_sidebar_direct_to_json(request->db, request->arena, jw, "directs", &whose));
	if (guild_id != 0)
		return channel_sidebar_to_json(request->db, request->arena, jw, "channels", guild_id, &whose);
	jw_null(jw, "channels");
	return ERR_OK;
}

/* The names of the first few; commas stand between them in every language that the interface speaks. */
static struct str names_of(struct arena *arena, const struct view *people)
{
	struct buf *names = buf_in_arena(arena);
	int count = 0;

	for (const struct view *each = people->first; each && count < LABEL_NAMES_MAX; each = each->next, count++) {
		struct str name = view_text(each, "name");
		buf_printf(names, "%s%.*s", count > 0 ? ", " : "", (int)name.n, name.p);
	}
	return (struct str){names->p, names->n};
}

void sidebar_ready_direct(struct arena *arena, struct view *channel)
{
	struct view *people = view_find(channel, "recipients");
	bool is_group = view_int(channel, "type") == CHANNEL_TYPE_GROUP;
	struct str label = view_text(channel, "name");

	for (struct view *each = people->first; each; each = each->next)
		fragment_user(arena, each);
	view_put_text(arena, channel, "label", label.n > 0 ? label : names_of(arena, people));
	view_put_flag(arena, channel, "is_group", is_group);
	view_put_int(arena, channel, "people_count", (int64_t)view_count(people) + 1);
	/* A group has no picture of its own; a direct message has that of the other. */
	const struct view *other = is_group ? NULL : people->first;
	static const char *const parts[] = {"initials", "tint", "picture"};
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		view_put(arena, channel, parts[i], view_find(other, parts[i]));
}

static void ready_guilds(struct arena *arena, struct view *data)
{
	struct view *guilds = view_find(data, "guilds"), *guild = NULL;
	uint64_t bits = 0;

	for (struct view *each = guilds->first; each; each = each->next) {
		fragment_guild(arena, each);
		if (view_id(each, "id") == view_id(data, "shown_guild_id"))
			guild = each;
	}
	if (guild) {
		bits = (uint64_t)view_id(guild, "permissions");
		view_put(arena, data, "guild", guild);
		view_remove(guilds, guild);
	} else {
		view_put_null(arena, data, "guild");
	}
	view_put(arena, data, "other_guilds", guilds);
	view_put_flag(arena, data, "has_other_guilds", guilds->first != NULL);
	view_put_flag(arena, data, "can_invite", perm_has(bits, PERM_CREATE_INVITE));
	view_put_flag(arena, data, "can_manage_channels", perm_has(bits, PERM_MANAGE_CHANNELS));
	view_put_flag(arena, data, "can_manage_guild", perm_has(bits, PERM_MANAGE_GUILD));
}

static bool holds_current(const struct view *list)
{
	for (const struct view *each = list ? list->first : NULL; each; each = each->next) {
		const struct view *is_current = view_find(each, "is_current");
		if ((is_current && is_current->type == VIEW_TRUE) || holds_current(view_find(each, "threads")))
			return true;
	}
	return false;
}

void sidebar_ready(struct request *request, struct view *data)
{
	struct arena *arena = request->arena;
	struct view *channels = view_find(data, "channels"), *directs = view_find(data, "directs");
	const struct view *more = view_find(channels, "more"), *groups = view_find(channels, "groups");

	ready_guilds(arena, data);
	for (struct view *each = directs->first; each; each = each->next)
		sidebar_ready_direct(arena, view_find(each, "channel"));
	view_put(arena, data, "groups", groups);
	view_put(arena, data, "more", more);
	view_put_flag(arena, data, "has_more", more && more->first);
	view_put_flag(arena, data, "has_directs", directs->first != NULL);
	/* The open channel is never behind a disclosure that is closed. */
	view_put_flag(arena, data, "is_more_open", holds_current(more));
	/* The heading of the channels that are in no category stands even where there are none. */
	view_put_flag(arena, data, "has_plain_group", groups && groups->first && view_id(groups->first, "id") == 0);
}

void sidebar_remember(struct request *request, struct response *response, const struct view *data)
{
	struct str id = view_text(data, "shown_guild_id"), known;
	const struct view *has_other = view_find(data, "has_other_guilds");

	if (id.n == 0 || !has_other || has_other->type != VIEW_TRUE ||
	    (cookie_find(request_param(request, "HTTP_COOKIE"), cookie_name, &known) && str_eq(known, id)))
		return;
	reply_header(response, "Set-Cookie",
		     arena_printf(request->arena, "%s=%.*s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s", cookie_name,
				  (int)id.n, id.p, COOKIE_AGE_S, request->app->is_https ? "; Secure" : ""));
}
