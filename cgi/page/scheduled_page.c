/* Messages that are sent later: writing one, the list of one's own, changing and deleting them. */
#include "domain/draft/draft.h"
#include "domain/name/name.h"
#include "domain/perm.h"
#include "domain/scheduled/scheduled.h"
#include "front/reply.h"
#include "page/channel_link.h"
#include "page/handlers.h"
#include "page/page_input.h"
#include "page/settings.h"
#include "text/fragment.h"

#include <string.h>

static const struct page_field fields[] = {{"content", false},        {"send_at", false},     {"description", false},
					   {"draft_revision", false}, {"draft_nonce", false}, {NULL, false}};
static const struct page_blame blames[] = {{ERR_EMPTY_MESSAGE, "content"}, {ERR_OK, NULL}};
static const struct page_form form = {fields, blames};

/* Where the text is read and written: names mean what they mean there. Of a place that its author sees no more nothing
 * is looked up. */
static bool find_place(struct request *request, const struct view *scheduled, struct name_place *out)
{
	uint64_t bits;

	*out = (struct name_place){view_id(scheduled, "channel_id"), request->caller.user_id};
	return perm_of_channel(request->db, request->arena, out->channel_id, out->author_id, &bits) == ERR_OK;
}

static enum err typed_content(struct request *request, const struct view *scheduled, struct str *out)
{
	struct name_place place;

	*out = view_text(scheduled, "content");
	return find_place(request, scheduled, &place) ? name_to_typed(request->db, request->arena, &place, *out, out)
						      : ERR_OK;
}

/* Names in a row: between them stands a comma. */
static void ready_files(struct request *request, struct view *scheduled)
{
	struct view *list = view_find(scheduled, "attachments");

	for (struct view *each = list->first; each != NULL; each = each->next)
		view_put_flag(request->arena, each, "is_last", each->next == NULL);
	view_put_flag(request->arena, scheduled, "has_attachments", list->first != NULL);
}

enum err page_scheduled_list(struct request *request, struct response *response)
{
	struct page page;
	struct view *data, *list;
	struct str typed;

	page_begin(&page, request, response);
	page_csrf(&page);
	TRY(page_settings(&page, PAGE_AT_SCHEDULED));
	TRY(scheduled_list_to_json(request->db, request->arena, &page.jw, "scheduled", request->caller.user_id));
	TRY(page_data(&page, &data));
	list = view_find(data, "scheduled");
	for (struct view *each = list->first; each != NULL; each = each->next) {
		TRY(channel_link_put(request, each, view_id(each, "channel_id")));
		TRY(typed_content(request, each, &typed));
		view_put_text(request->arena, each, "content", typed);
		ready_files(request, each);
		fragment_moment(request->arena, each, "moment", view_text(each, "send_at"));
	}
	view_put_flag(request->arena, data, "has_scheduled", list->first != NULL);
	return page_finish(&page, "page/scheduled");
}

/* The form of a new one, which begins with the draft of its channel, and of one that is there: scheduled is null or its
 * view. */
static enum err form_render(struct request *request, struct response *response, enum err why)
{
	struct form initial = {0};
	struct buf *text = buf_in_arena(request->arena);
	struct page page;
	struct view *scheduled = NULL, *draft = NULL, *data;
	struct jw jw;

	TRY(page_read_again(request));
	page_begin(&page, request, response);
	page_csrf(&page);
	TRY(page_settings(&page, PAGE_AT_SCHEDULED));
	/* Files come with a new one, and stay with it. */
	jw_flag(&page.jw, "can_attach",
		request->path.scheduled_id == 0 && perm_has(request->permissions, PERM_ATTACH_FILES));
	jw_init(&jw, text);
	if (request->path.scheduled_id != 0) {
		TRY(scheduled_find_to_json(request->db, request->arena, &jw, NULL, request->path.scheduled_id,
					   request->caller.user_id));
		TRY(view_parse(request->arena, text->p, text->n, &scheduled));
		struct str content, at = view_text(scheduled, "send_at");
		TRY(typed_content(request, scheduled, &content));
		page_form_put(&initial, "content", arena_strndup(request->arena, content.p, content.n));
		page_form_put(&initial, "send_at", arena_strndup(request->arena, at.p, strlen("2026-01-02T03:04")));
		jw_raw(&page.jw, "scheduled", text->p, text->n);
	} else {
		TRY(draft_find_to_json(request->db, &jw, NULL, request->caller.user_id, request->path.channel_id));
		TRY(view_parse(request->arena, text->p, text->n, &draft));
		struct str content = view_text(draft, "content"), revision = view_text(draft, "revision");
		page_form_put(&initial, "content", arena_strndup(request->arena, content.p, content.n));
		page_form_put(&initial, "draft_revision", arena_strndup(request->arena, revision.p, revision.n));
		jw_null(&page.jw, "scheduled");
	}
	jw_text(&page.jw, "action",
		request->path.scheduled_id != 0
		    ? arena_printf(request->arena, "/account/scheduled/%lld", (long long)request->path.scheduled_id)
		    : page_own_channel_path(request, "/schedule"));
	TRY(page_form_of(&page, &form, &initial, why));
	TRY(page_data(&page, &data));
	if (scheduled != NULL)
		ready_files(request, view_find(data, "scheduled"));
	return page_finish(&page, "page/schedule");
}

enum err page_schedule_show(struct request *request, struct response *response)
{
	return form_render(request, response, ERR_OK);
}

void page_schedule_refused(struct request *request, struct response *response, enum err why)
{
	if (form_render(request, response, why) == ERR_OK)
		return;
	/* It was sent meanwhile, or is not theirs: there is no form to show. */
	reply_clear(response);
	page_error(request, response, why);
}

/* Without a script the time is UTC, as all times on pages are then; with one it has its zone. */
static const char *with_zone(struct request *request, const char *text)
{
	const char *clock = strchr(text, 'T');

	return clock != NULL && strpbrk(clock, "Zz+-") == NULL ? arena_printf(request->arena, "%sZ", text) : text;
}

enum err page_schedule(struct request *request, struct response *response)
{
	struct scheduled_create_input *input = arena_alloc(request->arena, sizeof(*input));
	struct op_reply reply;

	*input = *(const struct scheduled_create_input *)request->input;
	input->send_at = with_zone(request, input->send_at);
	request->input = input;
	TRY(front_submit(request, OP_scheduled_create, &reply));
	page_done(request, response, "/account/scheduled", PAGE_DONE_SAVED);
	return ERR_OK;
}

/* Its channel is not in the address, so what the front does elsewhere is done here. */
static enum err put_content(struct page_input *input, const char *content)
{
	struct request *request = input->request;
	struct buf *text = buf_in_arena(request->arena);
	struct view *scheduled;
	struct str stored = str_from(content);
	struct name_place place;
	struct jw jw;

	jw_init(&jw, text);
	TRY(scheduled_find_to_json(request->db, request->arena, &jw, NULL, request->path.scheduled_id,
				   request->caller.user_id));
	TRY(view_parse(request->arena, text->p, text->n, &scheduled));
	if (find_place(request, scheduled, &place))
		TRY(name_to_stored(request->db, request->arena, &place, stored, &stored));
	jw_text_n(&input->jw, "content", stored.p, stored.n);
	return ERR_OK;
}

enum err page_scheduled_update(struct request *request, struct response *response)
{
	const char *send_at = form_find(&request->form, "send_at");
	const char *content = form_find(&request->form, "content");
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	jw_id(&input.jw, "scheduled_id", request->path.scheduled_id);
	if (content != NULL)
		TRY(put_content(&input, content));
	if (send_at != NULL)
		jw_text(&input.jw, "send_at", with_zone(request, send_at));
	TRY(page_input_submit(&input, OP_scheduled_update, &reply));
	page_done(request, response, "/account/scheduled", PAGE_DONE_SAVED);
	return ERR_OK;
}

/* What is gone already is as it was asked to be. */
enum err page_scheduled_delete(struct request *request, struct response *response)
{
	struct op_reply reply;
	enum err e = front_submit(request, OP_scheduled_delete, &reply);

	if (e != ERR_OK && e != ERR_UNKNOWN_SCHEDULED)
		return e;
	page_done(request, response, "/account/scheduled", PAGE_DONE_DELETED);
	return ERR_OK;
}
