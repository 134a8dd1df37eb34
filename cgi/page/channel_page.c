/* The room: sidebar, a page of history, composer. One document of views, read in one transaction together with the seq
 * behind which the page's stream of events goes on. */
#include "base/id.h"
#include "crypto/secret.h"
#include "domain/channel/channel.h"
#include "domain/event/event.h"
#include "domain/guild/guild.h"
#include "domain/message/message.h"
#include "domain/user/user.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/history.h"
#include "page/page.h"
#include "text/fragment.h"

#include <string.h>

enum { GUILDS_SHOWN_MAX = 100, NONCE_LENGTH = 20 };

static const char nonce_alphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789";

static const struct page_field composer_fields[] = {{"content", false}, {NULL, false}};
static const struct page_form composer_form = {composer_fields, NULL};

/* The part of the history that the address asks for: ?before=, ?after=, ?around= or the latest. */
static enum err page_asked(const struct request *request, struct message_page *out)
{
	static const struct {
		const char *name;
		enum message_order order;
	} orders[] = {{"before", MESSAGE_BEFORE}, {"after", MESSAGE_AFTER}, {"around", MESSAGE_AROUND}};

	*out = (struct message_page){.order = MESSAGE_LATEST, .limit = MESSAGE_PAGE_INITIAL};
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		const char *text = form_find(&request->query, orders[i].name);
		if (text == NULL)
			continue;
		out->order = orders[i].order;
		return id_parse(text, strlen(text), &out->anchor_id) ? ERR_OK : ERR_NOT_FOUND;
	}
	return ERR_OK;
}

static enum err write_messages(struct page *page, int64_t channel_id, const struct message_page *asked)
{
	struct request *request = page->request;
	struct message_page one_more = *asked;
	struct message_page_result result;

	if (!perm_has(request->permissions, PERM_READ_HISTORY)) {
		jw_array(&page->jw, "messages");
		jw_array_end(&page->jw);
		return ERR_OK;
	}
	/* One more than is shown, at each end that may go on, tells whether there is something to link to. */
	one_more.limit += asked->order == MESSAGE_AROUND ? 2 : 1;
	return message_list_to_json(request->db, &page->jw, "messages", channel_id, &one_more, &result);
}

/* The message that the client's script fills in and shows while a new one is on its way. */
static void write_blank_message(struct page *page, int64_t channel_id)
{
	struct jw *jw = &page->jw;

	jw_object(jw, "blank_message");
	jw_text(jw, "id", "");
	jw_id(jw, "channel_id", channel_id);
	jw_text(jw, "content", "");
	jw_text(jw, "timestamp", "");
	jw_object_end(jw);
}

static void write_permissions(struct page *page)
{
	uint64_t bits = page->request->permissions;

	jw_flag(&page->jw, "can_send", perm_has(bits, PERM_SEND_MESSAGES));
	jw_flag(&page->jw, "can_invite", perm_has(bits, PERM_CREATE_INVITE));
	jw_flag(&page->jw, "can_manage_channels", perm_has(bits, PERM_MANAGE_CHANNELS));
	jw_flag(&page->jw, "can_moderate", perm_has(bits, PERM_MANAGE_MESSAGES));
}

static enum err write_room(struct page *page, const struct message_page *asked, enum err why)
{
	struct request *request = page->request;
	char nonce[NONCE_LENGTH + 1];
	struct event_range range;

	secret_code(nonce, NONCE_LENGTH, nonce_alphabet);
	page_csrf(page);
	jw_text(&page->jw, "nonce", nonce);
	jw_id(&page->jw, "guild_id", request->path.guild_id);
	jw_id(&page->jw, "channel_id", request->path.channel_id);
	write_permissions(page);
	write_blank_message(page, request->path.channel_id);
	TRY(event_range(request->db, &range));
	jw_int(&page->jw, "seq", range.head);
	TRY(page_user(page));
	TRY(guild_list_to_json(request->db, request->arena, &page->jw, "guilds", request->caller.user_id, 0, 0,
			       GUILDS_SHOWN_MAX));
	TRY(channel_list_to_json(request->db, request->arena, &page->jw, "channels", request->path.guild_id,
				 request->caller.user_id));
	TRY(write_messages(page, request->path.channel_id, asked));
	return page_form(page, &composer_form, why);
}

static struct view *find_by_id(const struct view *list, int64_t id)
{
	for (struct view *item = list->first; item; item = item->next) {
		if (view_id(item, "id") == id)
			return item;
	}
	return NULL;
}

/* Sidebar: the workspace and its channels, the one shown marked; other workspaces behind them. */
static enum err ready_sidebar(struct request *request, struct view *data)
{
	struct arena *arena = request->arena;
	struct view *guilds = view_find(data, "guilds"), *channels = view_find(data, "channels");
	struct view *guild = find_by_id(guilds, request->path.guild_id);
	struct view *channel = find_by_id(channels, request->path.channel_id);

	if (guild == NULL || channel == NULL)
		return ERR_UNKNOWN_CHANNEL;
	for (struct view *each = guilds->first; each; each = each->next)
		fragment_guild(arena, each);
	for (struct view *each = channels->first; each; each = each->next)
		fragment_channel(arena, each);
	view_put_flag(arena, channel, "is_current", true);
	view_put(arena, data, "channel", channel);
	view_put(arena, data, "guild", guild);
	view_remove(guilds, guild);
	view_put(arena, data, "other_guilds", guilds);
	view_put_flag(arena, data, "has_other_guilds", guilds->first != NULL);
	return ERR_OK;
}

/* What stands beside the page of history. */
struct edges {
	bool has_older, has_newer;
};

/* Half of such a page is newer than its anchor, the rest the anchor and what is older; each was asked for one more. */
static struct edges cut_around(struct view *messages, const struct message_page *asked)
{
	size_t newer = 0, limit = (size_t)asked->limit;
	struct edges edges = {false, false};

	for (struct view *each = messages->first; each && view_id(each, "id") > asked->anchor_id; each = each->next)
		newer++;
	if (newer > limit / 2) {
		view_remove(messages, messages->first);
		edges.has_newer = true;
	}
	for (size_t count = view_count(messages); count > limit; count--) {
		view_remove(messages, messages->last);
		edges.has_older = true;
	}
	return edges;
}

/* Takes the one message too many off the end where it shows that there is more. messages are newest first. */
static struct edges cut_edges(struct view *messages, const struct message_page *asked)
{
	size_t count = view_count(messages);
	bool is_more = count > (size_t)asked->limit;

	switch (asked->order) {
	case MESSAGE_AROUND:
		return cut_around(messages, asked);
	case MESSAGE_AFTER:
		if (is_more)
			view_remove(messages, messages->first);
		return (struct edges){.has_older = count > 0, .has_newer = is_more};
	case MESSAGE_LATEST:
	case MESSAGE_BEFORE:
		break;
	}
	if (is_more)
		view_remove(messages, messages->last);
	return (struct edges){.has_older = is_more, .has_newer = asked->order == MESSAGE_BEFORE && count > 0};
}

static void ready_history(struct request *request, struct view *data, const struct message_page *asked)
{
	struct arena *arena = request->arena;
	struct view *messages = view_find(data, "messages"), *blank = view_find(data, "blank_message");
	const struct view *user = view_find(data, "user");
	struct edges edges = cut_edges(messages, asked);

	view_put(arena, data, "older", edges.has_older ? view_find(messages->last, "id") : NULL);
	view_put(arena, data, "newer", edges.has_newer ? view_find(messages->first, "id") : NULL);
	view_put_flag(arena, data, "is_latest", !edges.has_newer);
	view_put_flag(arena, data, "is_empty", messages->first == NULL);
	history_ready(arena, messages, request->caller.user_id);
	view_put(arena, blank, "author", user);
	fragment_message(arena, blank);
	view_put_flag(arena, blank, "is_mine", true);
	fragment_person(arena, data, "user", user);
}

static enum err room_render(struct request *request, struct response *response, enum err why)
{
	struct message_page asked;
	struct page page;
	struct view *data;

	TRY(page_asked(request, &asked));
	TRY(page_read_again(request));
	page_begin(&page, request, response);
	TRY(write_room(&page, &asked, why));
	TRY(page_data(&page, &data));
	TRY(ready_sidebar(request, data));
	ready_history(request, data, &asked);
	return page_finish(&page, "page/channel");
}

enum err page_channel_show(struct request *request, struct response *response)
{
	return room_render(request, response, ERR_OK);
}

/* A message that was refused: the room with the text in the composer, or for the script of an open room what is wrong.
 */
void page_channel_refused(struct request *request, struct response *response, enum err why)
{
	if (page_wants_fragment(request))
		page_error(request, response, why);
	else if (room_render(request, response, why) != ERR_OK)
		reply_clear(response);
}

/* guild_id 0: there is none. */
static enum err go_to_guild(struct request *request, struct response *response, int64_t guild_id)
{
	int64_t channel_id = 0;

	if (guild_id != 0)
		TRY(guild_first_channel(request->db, request->arena, guild_id, request->caller.user_id, &channel_id));
	if (channel_id != 0) {
		reply_redirect(response, page_channel_path(request, guild_id, channel_id));
		return ERR_OK;
	}
	struct page page;
	page_begin(&page, request, response);
	page_csrf(&page);
	jw_null(&page.jw, "workspace");
	return page_finish(&page, "page/no_workspace");
}

enum err page_guild(struct request *request, struct response *response)
{
	return go_to_guild(request, response, request->path.guild_id);
}

enum err page_home(struct request *request, struct response *response)
{
	int64_t guild_id;
	bool exists;

	if (request->caller.user_id == 0) {
		TRY(user_exists_any(request->db, &exists));
		reply_redirect(response, exists ? "/login" : "/setup");
		return ERR_OK;
	}
	TRY(guild_first_of_user(request->db, request->caller.user_id, &guild_id));
	return go_to_guild(request, response, guild_id);
}
