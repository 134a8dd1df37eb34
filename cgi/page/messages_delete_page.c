/* Deleting several messages at once, for moderators: the latest of a channel with a box each. */
#include "base/id.h"
#include "domain/message/message.h"
#include "domain/perm.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/history.h"
#include "page/page.h"
#include "page/page_input.h"
#include "text/fragment.h"

#include <string.h>

static const struct page_field fields[] = {{NULL, false}};
static const struct page_form form = {fields, NULL};

/* What is too old for this has no box. */
static void ready_boxes(struct request *request, struct view *data)
{
	int64_t oldest = id_first_at(request->now_ms - INT64_C(24) * 3600 * 1000 * MESSAGE_BULK_AGE_DAYS);
	struct view *messages = view_find(data, "messages");
	const struct view *last = messages->last;

	view_put(request->arena, data, "older",
		 view_count(messages) == MESSAGE_PAGE_INITIAL ? view_find(last, "id") : NULL);
	for (struct view *each = messages->first; each != NULL; each = each->next) {
		view_put(request->arena, each, "place", view_find(data, "place"));
		view_put_flag(request->arena, each, "is_recent", view_id(each, "id") > oldest);
	}
	history_ready(request->arena, messages, request->caller.user_id);
	/* Each stands for itself here, and says whose it is. */
	for (struct view *each = messages->first; each != NULL; each = each->next)
		view_put_flag(request->arena, each, "is_continued", false);
	view_put_flag(request->arena, data, "has_messages", messages->first != NULL);
}

static enum err render(struct request *request, struct response *response, enum err why)
{
	struct message_page wanted = {
	    .order = MESSAGE_LATEST, .limit = MESSAGE_PAGE_INITIAL, .viewer_id = request->caller.user_id};
	struct message_page_result result;
	const char *before = form_find(&request->query, "before");
	struct page page;
	struct view *data;

	if (before != NULL && id_parse(before, strlen(before), &wanted.anchor_id))
		wanted.order = MESSAGE_BEFORE;
	TRY(page_read_again(request));
	page_begin(&page, request, response);
	page_csrf(&page);
	page_place(&page);
	jw_id(&page.jw, "channel_id", request->path.channel_id);
	jw_int(&page.jw, "days", MESSAGE_BULK_AGE_DAYS);
	TRY(page_workspace(&page, request->path.guild_id, request->path.channel_id));
	TRY(message_list_to_json(request->db, &page.jw, "messages", request->path.channel_id, &wanted, &result));
	TRY(page_form(&page, &form, why));
	TRY(page_data(&page, &data));
	ready_boxes(request, data);
	return page_finish(&page, "page/messages_delete");
}

enum err page_messages_delete_show(struct request *request, struct response *response)
{
	return render(request, response, ERR_OK);
}

/* One alone is deleted as such: Discord's way to delete many wants two. */
static enum err delete_one(struct request *request, int64_t message_id)
{
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	jw_id(&input.jw, "message_id", message_id);
	enum err e = page_input_submit(&input, OP_message_delete, &reply);
	return e == ERR_UNKNOWN_MESSAGE ? ERR_OK : e;
}

enum err page_messages_delete(struct request *request, struct response *response)
{
	int64_t *ids = arena_alloc(request->arena, sizeof(*ids) * FORM_FIELDS_MAX);
	size_t count = page_form_ids(request, "m-", ids);
	struct page_input input;
	struct op_reply reply;

	if (count == 1) {
		TRY(delete_one(request, ids[0]));
	} else {
		page_input_begin(&input, request);
		page_input_ids(&input, "messages", "m-");
		TRY(page_input_submit(&input, OP_message_bulk_delete, &reply));
	}
	reply_redirect(response, page_channel_path(request, request->path.guild_id, request->path.channel_id));
	return ERR_OK;
}

void page_messages_delete_refused(struct request *request, struct response *response, enum err why)
{
	err_ignore(render(request, response, why));
}
