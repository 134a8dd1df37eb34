/* Search, by a query in the address: messages of a workspace, grouped by where they stand, with people and channels of
 * that name; or those of one direct message or group. Each leads to its place in the conversation. */
#include "domain/search/search.h"

#include "base/id.h"
#include "domain/member/member.h"
#include "domain/search/search_query.h"
#include "front/reply.h"
#include "http/percent.h"
#include "page/channel_link.h"
#include "page/handlers.h"
#include "page/page.h"
#include "text/fragment.h"

#include <string.h>

enum { PAGES_MAX = SEARCH_OFFSET_MAX / SEARCH_PAGE_MAX + 1, FOUND_OF_EACH = 5 };

const struct field page_search_fields[] = {
    {.name = "q",
     .type = FIELD_TEXT,
     .flags = FIELD_TRIM | FIELD_MULTILINE,
     .max = SEARCH_QUERY_MAX,
     .offset = offsetof(struct page_search_input, q)},
    {.name = "page", .type = FIELD_INT, .min = 1, .max = PAGES_MAX, .offset = offsetof(struct page_search_input, page)},
    {0}};

static const struct page_field fields[] = {{"q", false}, {NULL, false}};
static const struct page_form form = {fields, NULL};

/* What is asked and what was found of it. */
struct search {
	struct request *request;
	struct search_scope scope;
	struct search_query query;
	struct search_result result;
	const char *q;
	int page; /* from 1 on */
};

static const char *search_path(const struct search *search)
{
	struct request *request = search->request;

	return search->scope.guild_id == 0
		   ? arena_printf(request->arena, "/channels/@me/%lld/search", (long long)search->scope.channel_id)
		   : arena_printf(request->arena, "/guilds/%lld/search", (long long)search->scope.guild_id);
}

static const char *page_path(const struct search *search, int number)
{
	struct buf *path = buf_in_arena(search->request->arena);

	buf_puts(path, search_path(search));
	buf_puts(path, "?q=");
	percent_encode(path, str_from(search->q));
	if (number > 1)
		buf_printf(path, "&page=%d", number);
	return path->p;
}

static void write_pages(struct page *page, const struct search *search)
{
	const struct search_result *result = &search->result;

	if (search->page > 1)
		jw_text(&page->jw, "newer", page_path(search, search->page - 1));
	else
		jw_null(&page->jw, "newer");
	if (result->has_next && search->page < PAGES_MAX)
		jw_text(&page->jw, "older", page_path(search, search->page + 1));
	else
		jw_null(&page->jw, "older");
	jw_flag(&page->jw, "is_at_end", result->has_next && search->page >= PAGES_MAX);
}

/* A filter that names nobody, told in words of the template. */
static void write_unknown(struct page *page, const struct search_result *result)
{
	const char *filter = result->unknown_filter;

	if (filter == NULL) {
		jw_null(&page->jw, "unknown");
		return;
	}
	jw_object(&page->jw, "unknown");
	jw_text(&page->jw, "name", result->unknown_name);
	jw_flag(&page->jw, "is_place", strcmp(filter, "in") == 0);
	jw_object_end(&page->jw);
}

static enum err write_others(struct page *page, const struct search *search)
{
	struct request *request = page->request;
	const struct member_page people = {.limit = FOUND_OF_EACH, .query = search->q};
	bool has_others = search->scope.guild_id != 0 && search->page == 1;

	if (!has_others) {
		jw_array(&page->jw, "people");
		jw_array_end(&page->jw);
		jw_array(&page->jw, "channels");
		jw_array_end(&page->jw);
		return ERR_OK;
	}
	TRY(member_list_to_json(request->db, request->arena, &page->jw, "people", search->scope.guild_id, &people));
	return search_channels_to_json(request->db, request->arena, &page->jw, "channels", &search->scope, search->q,
				       FOUND_OF_EACH);
}

static enum err write_found(struct page *page, struct search *search)
{
	struct request *request = page->request;
	const struct search_page asked = {.offset = (int64_t)(search->page - 1) * SEARCH_PAGE_MAX,
					  .limit = SEARCH_PAGE_MAX};

	search_query_init(&search->query);
	search_query_parse(&search->query, str_from(search->q), request->now_ms);
	TRY(search_find(request->db, request->arena, &search->scope, &search->query, &asked, &search->result));
	TRY(search_result_to_json(request->db, request->arena, &page->jw, &search->query, &search->result,
				  search->scope.user_id));
	write_unknown(page, &search->result);
	write_pages(page, search);
	return write_others(page, search);
}

static void ready_hit(struct request *request, struct view *message, struct str conversation)
{
	struct arena *arena = request->arena;
	struct str id = view_text(message, "id");
	struct view *snippet = view_find(message, "snippet");

	fragment_person(arena, message, "author", view_find(message, "author"));
	fragment_moment(arena, message, "moment", view_text(message, "timestamp"));
	view_put_flag(arena, message, "has_snippet", snippet->first != NULL);
	view_put_text(arena, message, "path",
		      str_from(arena_printf(arena, "%.*s?around=%.*s#m-%.*s", (int)conversation.n, conversation.p,
					    (int)id.n, id.p, (int)id.n, id.p)));
}

/* The group of that channel: the one there is, or a new one at the end. */
static enum err find_group(struct request *request, struct view *groups, int64_t channel_id, struct view **out)
{
	for (*out = groups->first; *out != NULL; *out = (*out)->next) {
		if (view_id(view_find(*out, "channel"), "id") == channel_id)
			return ERR_OK;
	}
	*out = view_new_object(request->arena);
	TRY(channel_link_put(request, *out, channel_id));
	(void)view_put_list(request->arena, *out, "hits");
	view_append(groups, *out);
	return ERR_OK;
}

static enum err ready_messages(struct request *request, struct view *data)
{
	struct view *messages = view_find(data, "messages");
	struct view *groups = view_put_list(request->arena, data, "groups");

	for (struct view *each = messages->first, *next; each != NULL; each = next) {
		struct view *message = each->first, *group;
		next = each->next;
		TRY(find_group(request, groups, view_id(message, "channel_id"), &group));
		ready_hit(request, message, view_text(view_find(group, "channel"), "path"));
		view_remove(each, message);
		view_append(view_find(group, "hits"), message);
	}
	view_put_flag(request->arena, data, "has_hits", groups->first != NULL);
	return ERR_OK;
}

static enum err ready_others(struct request *request, struct view *data)
{
	struct view *people = view_find(data, "people"), *channels = view_find(data, "channels");
	struct view *places = view_put_list(request->arena, data, "places");

	for (struct view *each = people->first; each != NULL; each = each->next) {
		struct view *user = view_find(each, "user");
		fragment_user(request->arena, user);
		view_put_text(
		    request->arena, each, "path",
		    str_from(arena_printf(request->arena, "/guilds/%lld/members/%lld",
					  (long long)request->path.guild_id, (long long)view_id(user, "id"))));
	}
	for (struct view *each = channels->first; each != NULL; each = each->next) {
		struct view *place = view_new_object(request->arena);
		TRY(channel_link_put(request, place, view_id(each, "id")));
		view_append(places, place);
	}
	view_put_flag(request->arena, data, "has_people", people->first != NULL);
	view_put_flag(request->arena, data, "has_places", places->first != NULL);
	return ERR_OK;
}

static enum err begin(struct page *page, struct search *search, struct response *response, enum err why)
{
	struct request *request = search->request;

	search->scope =
	    (struct search_scope){request->path.guild_id, request->path.channel_id, request->caller.user_id};
	page_begin(page, request, response);
	TRY(page_workspace(page, search->scope.guild_id, search->scope.channel_id));
	jw_text(&page->jw, "action", search_path(search));
	jw_flag(&page->jw, "is_direct", search->scope.guild_id == 0);
	TRY(page_form(page, &form, why));
	jw_flag(&page->jw, "has_asked", search->q != NULL);
	return ERR_OK;
}

enum err page_search_show(struct request *request, struct response *response)
{
	const struct page_search_input *input = request->input;
	struct search *search = arena_alloc(request->arena, sizeof(*search));
	struct page page;
	struct view *data;

	*search = (struct search){.request = request, .page = input->page != 0 ? (int)input->page : 1};
	if (input->q != NULL && input->q[0] != '\0')
		search->q = input->q;
	TRY(begin(&page, search, response, ERR_OK));
	if (search->q == NULL)
		return page_finish(&page, "page/search");
	TRY(write_found(&page, search));
	TRY(page_data(&page, &data));
	TRY(ready_messages(request, data));
	TRY(ready_others(request, data));
	return page_finish(&page, "page/search");
}

/* A query that is too long, or came too often, stands there still. */
void page_search_refused(struct request *request, struct response *response, enum err why)
{
	struct search *search = arena_alloc(request->arena, sizeof(*search));
	struct page page;
	enum err e;

	*search = (struct search){.request = request, .page = 1};
	e = page_read_again(request);
	if (e == ERR_OK)
		e = begin(&page, search, response, why);
	if (e == ERR_OK)
		e = page_finish(&page, "page/search");
	if (e != ERR_OK)
		reply_clear(response);
}
