/* Security events, for those who administer the server: by kind, by account, page by page. */
#include "domain/security_event/security_event.h"
#include "domain/user/user.h"
#include "front/reply.h"
#include "http/percent.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/settings.h"
#include "text/fragment.h"

#include <string.h>

enum { PAGE_EVENTS = 50 };

const struct field page_security_events_fields[] = {
    {.name = "kind", .type = FIELD_TEXT, .max = 64, .offset = offsetof(struct page_security_events_input, kind)},
    {.name = "user",
     .type = FIELD_TEXT,
     .flags = FIELD_TRIM,
     .max = 254,
     .offset = offsetof(struct page_security_events_input, user)},
    {.name = "before", .type = FIELD_ID, .offset = offsetof(struct page_security_events_input, before)},
    {0}};

/* The words for a kind stand in the template, which asks for one of these. */
static void put_kind(struct arena *arena, struct view *object, const char *name)
{
	struct view *kind = view_put_object(arena, object, "is");

	for (unsigned i = 0; i < SECURITY_KIND_COUNT; i++) {
		const char *each = security_kind_name((enum security_kind)i);
		view_put_flag(arena, kind, each, strcmp(each, name) == 0);
	}
}

static void ready(struct arena *arena, struct view *list)
{
	for (struct view *item = list->first; item != NULL; item = item->next) {
		struct str name = view_text(item, "name");

		put_kind(arena, item, arena_strndup(arena, name.p, name.n));
		fragment_moment(arena, item, "moment", view_text(item, "at"));
	}
}

static void write_kinds(struct page *page, const char *chosen)
{
	jw_array(&page->jw, "kinds");
	for (unsigned i = 0; i < SECURITY_KIND_COUNT; i++) {
		const char *name = security_kind_name((enum security_kind)i);
		jw_object(&page->jw, NULL);
		jw_text(&page->jw, "name", name);
		jw_flag(&page->jw, "is_chosen", chosen != NULL && strcmp(chosen, name) == 0);
		jw_object_end(&page->jw);
	}
	jw_array_end(&page->jw);
}

/* Whom a filter names, by user name or address; *exists false when nobody. */
static enum err find_user(struct request *request, const char *login, int64_t *user_id, bool *exists)
{
	struct user_credentials credentials;
	enum err e;

	*user_id = 0;
	*exists = true;
	if (login == NULL || login[0] == '\0')
		return ERR_OK;
	e = user_find_credentials(request->db, request->arena, login, &credentials);
	*exists = e == ERR_OK;
	if (e == ERR_OK)
		*user_id = credentials.user_id;
	return e == ERR_UNKNOWN_USER ? ERR_OK : e;
}

/* Where older ones are: the same address with another end; null when this is all. */
static void put_older(struct request *request, struct view *data, const struct page_security_events_input *input)
{
	const struct view *events = view_find(data, "events");
	struct buf *location = buf_in_arena(request->arena);

	if (view_count(events) < PAGE_EVENTS) {
		view_put_null(request->arena, data, "older");
		return;
	}
	buf_puts(location, "/admin/security?kind=");
	percent_encode(location, str_from(input->kind != NULL ? input->kind : ""));
	buf_puts(location, "&user=");
	percent_encode(location, str_from(input->user != NULL ? input->user : ""));
	buf_printf(location, "&before=%lld", (long long)view_id(events->last, "id"));
	view_put_text(request->arena, data, "older", (struct str){location->p, location->n});
}

static enum err write_events(struct page *page, const struct page_security_events_input *input)
{
	struct request *request = page->request;
	bool is_kind = input->kind != NULL && security_kind_from_name(input->kind) != SECURITY_KIND_COUNT;
	struct security_event_filter filter = {
	    .kind = is_kind ? input->kind : NULL, .before = input->before, .limit = PAGE_EVENTS};
	bool exists;

	TRY(find_user(request, input->user, &filter.user_id, &exists));
	jw_flag(&page->jw, "is_nobody", !exists);
	write_kinds(page, filter.kind);
	if (exists)
		return security_event_list_to_json(request->db, request->arena, &page->jw, "events", &filter);
	jw_array(&page->jw, "events");
	jw_array_end(&page->jw);
	return ERR_OK;
}

enum err page_security_events_show(struct request *request, struct response *response)
{
	const struct page_security_events_input *input = request->input;
	struct view *data, *events;
	struct page page;
	bool is_admin;

	TRY(user_is_admin(request->db, request->caller.user_id, &is_admin));
	if (!is_admin)
		return ERR_MISSING_PERMISSIONS;
	page_begin(&page, request, response);
	TRY(page_settings(&page, PAGE_AT_SECURITY_EVENTS));
	jw_text(&page.jw, "user", input->user != NULL ? input->user : "");
	TRY(write_events(&page, input));
	TRY(page_data(&page, &data));
	events = view_find(data, "events");
	for (struct view *event = events->first; event != NULL; event = event->next)
		view_put_text(request->arena, event, "name", view_text(event, "kind"));
	ready(request->arena, events);
	ready(request->arena, view_find(data, "kinds"));
	put_older(request, data, input);
	view_put_flag(request->arena, data, "has_events", events->first != NULL);
	return page_finish(&page, "page/security_events");
}
