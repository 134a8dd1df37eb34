/* Reading messages. The text goes from the database straight into the reply: this is the path that scripts and clients
 * that catch up take most. */
#include "api/api.h"
#include "domain/message/message.h"
#include "front/reply.h"

const struct field api_message_list_fields[] = {
    {.name = "before", .type = FIELD_ID, .offset = offsetof(struct api_message_list_input, before)},
    /* 0 stands before all: discord.py walks a channel from its beginning so. */
    {.name = "after", .type = FIELD_INT, .max = INT64_MAX, .offset = offsetof(struct api_message_list_input, after)},
    {.name = "around", .type = FIELD_ID, .offset = offsetof(struct api_message_list_input, around)},
    {.name = "limit",
     .type = FIELD_INT,
     .min = 1,
     .max = MESSAGE_PAGE_MAX,
     .offset = offsetof(struct api_message_list_input, limit)},
    {0}};

/* Which page is asked for; more than one anchor is an error, because each client means another one by it. */
static enum err page_of(struct request *request, const struct api_message_list_input *input, struct message_page *page)
{
	const struct {
		enum message_order order;
		int64_t anchor_id;
		const char *name;
	} anchors[] = {{MESSAGE_BEFORE, input->before, "before"},
		       {MESSAGE_AFTER, input->after, "after"},
		       {MESSAGE_AROUND, input->around, "around"}};

	*page = (struct message_page){.order = MESSAGE_LATEST,
				      .limit = input->limit != 0 ? (int)input->limit : MESSAGE_PAGE_INITIAL,
				      .viewer_id = request->caller.user_id};
	for (size_t i = 0; i < sizeof(anchors) / sizeof(anchors[0]); i++) {
		if (!field_is_given(api_message_list_fields, &input->set, anchors[i].name))
			continue;
		if (page->order != MESSAGE_LATEST) {
			field_errors_add(&request->errors, anchors[i].name, "MUTUALLY_EXCLUSIVE",
					 "Only one of before, after and around may be given.");
			return ERR_INVALID_FORM;
		}
		page->order = anchors[i].order;
		page->anchor_id = anchors[i].anchor_id;
	}
	return ERR_OK;
}

/* RFC 8288: where a client that walks on in the same direction asks next. A page that is not full is the last. */
static void put_link(struct request *request, struct response *response, const struct message_page *page,
		     const struct message_page_result *result)
{
	bool is_forward = page->order == MESSAGE_AFTER;

	if (result->count < page->limit || result->count == 0)
		return;
	reply_header(response, "Link",
		     arena_printf(request->arena, "<%s/api/v1/channels/%lld/messages?%s=%lld&limit=%d>; rel=\"next\"",
				  request->app->public_url, (long long)request->path.channel_id,
				  is_forward ? "after" : "before",
				  (long long)(is_forward ? result->newest_id : result->oldest_id), page->limit));
}

enum err api_message_list(struct request *request, struct response *response)
{
	struct message_page_result result;
	struct message_page page;
	struct jw jw;

	TRY(page_of(request, request->input, &page));
	reply_json(response, 200, &jw);
	TRY(message_list_to_json(request->db, &jw, NULL, request->path.channel_id, &page, &result));
	put_link(request, response, &page, &result);
	return ERR_OK;
}

enum err api_message(struct request *request, struct response *response)
{
	struct jw jw;

	reply_json(response, 200, &jw);
	return message_find_to_json(
	    request->db, &jw, NULL,
	    (struct message_at){request->path.channel_id, request->path.message_id, request->caller.user_id}, NULL);
}

/* Whoever reads the message reads what it said before. */
enum err api_message_versions(struct request *request, struct response *response)
{
	struct message_at at = {request->path.channel_id, request->path.message_id, request->caller.user_id};
	struct jw jw, unused;

	jw_init(&unused, buf_in_arena(request->arena));
	TRY(message_find_to_json(request->db, &unused, NULL, at, NULL));
	reply_json(response, 200, &jw);
	return message_versions_to_json(request->db, &jw, NULL, at.message_id);
}
