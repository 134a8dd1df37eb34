/* The channels of a workspace: looked through, joined and left; made, and put in order by those who may. */
#include "base/id.h"
#include "domain/channel/channel.h"
#include "domain/channel/channel_browse.h"
#include "domain/perm.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page_input.h"
#include "page/settings.h"
#include "text/fragment.h"

#include <string.h>

static const struct page_field browse_fields[] = {{"q", false}, {"name", false}, {NULL, false}};
static const struct page_blame name_blames[] = {{ERR_CHANNEL_NAME_TAKEN, "name"}, {ERR_OK, NULL}};
static const struct page_form browse_form = {browse_fields, name_blames};

static const struct page_field new_fields[] = {{"name", false},      {"topic", false},   {"access", false},
					       {"parent_id", false}, {"members", false}, {NULL, false}};
static const struct page_form new_form = {new_fields, name_blames};

static bool holds(struct str text, const char *part)
{
	size_t n = strlen(part);

	for (size_t i = 0; i + n <= text.n; i++) {
		if (strncasecmp(text.p + i, part, n) == 0)
			return true;
	}
	return false;
}

/* Leaves the channels in whose name or topic the words stand. */
static void keep_matching(struct view *channels, const char *query)
{
	for (struct view *channel = channels->first, *next; channel; channel = next) {
		next = channel->next;
		if (!holds(view_text(channel, "name"), query) && !holds(view_text(channel, "topic"), query))
			view_remove(channels, channel);
	}
}

static void ready_categories(struct request *request, struct view *data)
{
	const char *query = form_find(&request->query, "q");
	struct view *categories = view_find(data, "categories");
	bool is_any = false, is_searching = query != NULL && query[0] != '\0';

	for (struct view *category = categories->first, *next; category; category = next) {
		struct view *channels = view_find(category, "channels");
		next = category->next;
		if (is_searching)
			keep_matching(channels, query);
		is_any = is_any || channels->first != NULL;
		view_put_flag(request->arena, category, "is_empty", channels->first == NULL);
		/* An empty one is there for those who fill it. */
		if (channels->first == NULL && (is_searching || view_id(category, "id") == 0 ||
						!perm_has(request->permissions, PERM_MANAGE_CHANNELS)))
			view_remove(categories, category);
	}
	view_put_flag(request->arena, data, "is_empty", !is_any);
	view_put_flag(request->arena, data, "is_searching", is_searching);
}

static enum err browse_render(struct request *request, struct response *response, enum err why)
{
	struct page page;
	struct view *data;

	TRY(page_read_again(request));
	page_begin(&page, request, response);
	page_csrf(&page);
	TRY(page_settings(&page, PAGE_AT_CHANNELS));
	jw_id(&page.jw, "guild_id", request->path.guild_id);
	jw_flag(&page.jw, "can_manage_channels", perm_has(request->permissions, PERM_MANAGE_CHANNELS));
	TRY(channel_browse_to_json(request->db, request->arena, &page.jw, "categories", request->path.guild_id,
				   request->caller.user_id));
	TRY(page_form(&page, &browse_form, why));
	TRY(page_data(&page, &data));
	ready_categories(request, data);
	return page_finish(&page, "page/channels");
}

enum err page_channels_show(struct request *request, struct response *response)
{
	return browse_render(request, response, ERR_OK);
}

void page_channels_refused(struct request *request, struct response *response, enum err why)
{
	if (browse_render(request, response, why) != ERR_OK)
		reply_clear(response);
}

enum err page_category_new(struct request *request, struct response *response)
{
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	page_input_text(&input, "name");
	jw_int(&input.jw, "type", CHANNEL_TYPE_CATEGORY);
	TRY(page_input_submit(&input, OP_channel_create, &reply));
	page_done(request, response, page_guild_path(request, "/channels"), PAGE_DONE_CREATED);
	return ERR_OK;
}

/* The place of the one to change places with: the next of the same kind and category. count where there is none. */
static size_t neighbour_of(const struct channel *list, size_t count, size_t at, bool is_up)
{
	for (size_t i = is_up ? at - 1 : at + 1; i < count; i += is_up ? (size_t)-1 : 1) {
		if (list[i].type == list[at].type && list[i].parent_id == list[at].parent_id)
			return i;
	}
	return count;
}

/* All get numbers of their own, as many stand at the same place when they were never moved. */
static void write_order(struct jw *jw, const struct channel *list, size_t count)
{
	jw_array(jw, "items");
	for (size_t i = 0; i < count; i++) {
		if (list[i].position == (int64_t)i)
			continue;
		jw_object(jw, NULL);
		jw_id(jw, "id", list[i].id);
		jw_int(jw, "position", (int64_t)i);
		jw_object_end(jw);
	}
	jw_array_end(jw);
}

enum err page_channel_move(struct request *request, struct response *response)
{
	const char *direction = form_find(&request->form, "direction");
	struct page_input input;
	struct op_reply reply;
	struct channel *list;
	size_t count, at = 0;

	TRY(channel_list_visible(request->db, request->arena, request->path.guild_id, request->caller.user_id, &list,
				 &count));
	while (at < count && list[at].id != request->path.channel_id)
		at++;
	if (at == count)
		return ERR_UNKNOWN_CHANNEL;
	size_t other = neighbour_of(list, count, at, direction != NULL && strcmp(direction, "up") == 0);
	if (other < count) {
		struct channel moved = list[at];
		list[at] = list[other];
		list[other] = moved;
		page_input_begin(&input, request);
		write_order(&input.jw, list, count);
		TRY(page_input_submit(&input, OP_channel_order, &reply));
	}
	reply_redirect(response, arena_printf(request->arena, "%s#c-%lld", page_guild_path(request, "/channels"),
					      (long long)request->path.channel_id));
	return ERR_OK;
}

/* Making a channel. */

static enum err write_categories(struct page *page)
{
	struct request *request = page->request;
	const char *chosen = form_find(&request->form, "parent_id");
	struct channel *list;
	size_t count;

	TRY(channel_list_visible(request->db, request->arena, request->path.guild_id, request->caller.user_id, &list,
				 &count));
	jw_array(&page->jw, "categories");
	for (size_t i = 0; i < count; i++) {
		char id[ID_TEXT_SIZE];
		if (list[i].type != CHANNEL_TYPE_CATEGORY)
			continue;
		id_format(list[i].id, id);
		jw_object(&page->jw, NULL);
		jw_text(&page->jw, "id", id);
		jw_text(&page->jw, "name", list[i].name);
		jw_flag(&page->jw, "is_chosen", chosen != NULL && strcmp(chosen, id) == 0);
		jw_object_end(&page->jw);
	}
	jw_array_end(&page->jw);
	return ERR_OK;
}

static void ready_people(struct request *request, struct view *people)
{
	for (struct view *each = people->first; each; each = each->next) {
		struct str id = view_text(each, "id");
		const char *name = arena_printf(request->arena, "user-%.*s", (int)id.n, id.p);
		fragment_user(request->arena, each);
		view_put_flag(request->arena, each, "is_chosen", form_find(&request->form, name) != NULL);
	}
}

static enum err new_render(struct request *request, struct response *response, enum err why)
{
	const char *access = form_find(&request->form, "access");
	const struct channel_candidates everybody = {request->path.guild_id, 0, request->caller.user_id, NULL};
	struct page page;
	struct view *data;

	TRY(page_read_again(request));
	page_begin(&page, request, response);
	page_csrf(&page);
	TRY(page_settings(&page, PAGE_AT_CHANNELS));
	jw_id(&page.jw, "guild_id", request->path.guild_id);
	jw_flag(&page.jw, "is_private", access != NULL && strcmp(access, "private") == 0);
	TRY(write_categories(&page));
	TRY(channel_candidates_to_json(request->db, request->arena, &page.jw, "people", &everybody));
	TRY(page_form(&page, &new_form, why));
	TRY(page_data(&page, &data));
	ready_people(request, view_find(data, "people"));
	view_put_flag(request->arena, data, "has_people", view_find(data, "people")->first != NULL);
	view_put_flag(request->arena, data, "has_categories", view_find(data, "categories")->first != NULL);
	return page_finish(&page, "page/channel_new");
}

enum err page_channel_new_show(struct request *request, struct response *response)
{
	return new_render(request, response, ERR_OK);
}

enum err page_channel_new(struct request *request, struct response *response)
{
	const char *access = form_find(&request->form, "access");
	bool is_private = access != NULL && strcmp(access, "private") == 0;
	struct page_input input;
	struct op_reply reply;
	struct view *result;

	page_input_begin(&input, request);
	page_input_text(&input, "name");
	page_input_text(&input, "topic");
	page_input_id(&input, "parent_id");
	jw_flag(&input.jw, "private", is_private);
	if (is_private)
		page_input_ids(&input, "members", "user-");
	TRY(page_input_submit(&input, OP_channel_create, &reply));
	TRY(view_parse(request->arena, reply.result.p, reply.result.n, &result));
	reply_redirect(response,
		       page_channel_path(request, request->path.guild_id, view_id(view_find(result, "channel"), "id")));
	return ERR_OK;
}

void page_channel_new_refused(struct request *request, struct response *response, enum err why)
{
	if (new_render(request, response, why) != ERR_OK)
		reply_clear(response);
}

/* Joining and leaving: from the list of channels back to it, from the room's own bar to the room. */

static bool is_from_list(const struct request *request)
{
	const char *from = form_find(&request->form, "from");

	return from != NULL && strcmp(from, "channels") == 0;
}

enum err page_channel_join(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_channel_join, &reply));
	if (is_from_list(request))
		page_done(request, response, page_guild_path(request, "/channels"), PAGE_DONE_JOINED);
	else
		reply_redirect(response, page_own_channel_path(request, ""));
	return ERR_OK;
}

enum err page_channel_leave(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_channel_leave, &reply));
	if (request->path.guild_id != 0)
		page_done(request, response, page_guild_path(request, "/channels"), PAGE_DONE_LEFT);
	else
		reply_redirect(response, "/");
	return ERR_OK;
}
