/* Reading threads: lists of them, and who is in one. That the caller may view the workspace or channel was checked when
 * the route was loaded. */
#include "api/api.h"
#include "base/clock.h"
#include "base/id.h"
#include "domain/perm.h"
#include "domain/thread/thread.h"
#include "front/reply.h"

#include <string.h>

enum { BEFORE_MAX = 40 };

const struct field api_thread_list_fields[] = {
    /* A time, or of the caller's own private threads an id. */
    {.name = "before",
     .type = FIELD_TEXT,
     .min = 1,
     .max = BEFORE_MAX,
     .offset = offsetof(struct api_thread_list_input, before)},
    {.name = "limit",
     .type = FIELD_INT,
     .min = 1,
     .max = THREAD_PAGE_MAX,
     .offset = offsetof(struct api_thread_list_input, limit)},
    {0}};

const struct field api_thread_members_fields[] = {
    {.name = "after", .type = FIELD_ID, .offset = offsetof(struct api_thread_members_input, after)},
    {.name = "limit",
     .type = FIELD_INT,
     .min = 1,
     .max = THREAD_PAGE_MAX,
     .offset = offsetof(struct api_thread_members_input, limit)},
    {.name = "with_member", .type = FIELD_FLAG, .offset = offsetof(struct api_thread_members_input, with_member)},
    {0}};

enum err api_thread_active(struct request *request, struct response *response)
{
	struct jw jw;

	reply_json(response, 200, &jw);
	jw_object(&jw, NULL);
	TRY(thread_list_active_to_json(request->db, request->arena, &jw, request->path.guild_id,
				       request->caller.user_id));
	jw_object_end(&jw);
	return ERR_OK;
}

static enum err refuse_before(struct request *request, const char *code, const char *message)
{
	field_errors_add(&request->errors, "before", code, message);
	return ERR_INVALID_FORM;
}

static enum err before_of(struct request *request, const struct api_thread_list_input *input, bool is_id, int64_t *out)
{
	*out = INT64_MAX;
	if (input->before == NULL)
		return ERR_OK;
	if (is_id)
		return id_parse(input->before, strlen(input->before), out)
			   ? ERR_OK
			   : refuse_before(request, "NUMBER_TYPE_COERCE", "Value is not a snowflake.");
	return clock_parse_iso8601(input->before, out)
		   ? ERR_OK
		   : refuse_before(request, "DATETIME_PARSE", "Not a time of ISO 8601.");
}

static enum err archived(struct request *request, struct response *response, int type, bool is_joined)
{
	const struct api_thread_list_input *input = request->input;
	struct thread_page page = {.channel_id = request->path.channel_id,
				   .type = type,
				   .is_joined = is_joined,
				   .limit = input->limit != 0 ? (int)input->limit : THREAD_PAGE_INITIAL};
	struct jw jw;

	TRY(before_of(request, input, is_joined, &page.before));
	reply_json(response, 200, &jw);
	jw_object(&jw, NULL);
	TRY(thread_list_archived_to_json(request->db, request->arena, &jw, &page, request->caller.user_id));
	jw_object_end(&jw);
	return ERR_OK;
}

enum err api_thread_archived_public(struct request *request, struct response *response)
{
	return archived(request, response, CHANNEL_TYPE_PUBLIC_THREAD, false);
}

enum err api_thread_archived_private(struct request *request, struct response *response)
{
	return archived(request, response, CHANNEL_TYPE_PRIVATE_THREAD, false);
}

enum err api_thread_archived_own(struct request *request, struct response *response)
{
	return archived(request, response, CHANNEL_TYPE_PRIVATE_THREAD, true);
}

static enum err find_thread(struct request *request, struct channel *channel)
{
	TRY(channel_find(request->db, request->arena, request->path.channel_id, channel));
	return channel_is_thread(channel) ? ERR_OK : ERR_CHANNEL_TYPE;
}

enum err api_thread_members(struct request *request, struct response *response)
{
	const struct api_thread_members_input *input = request->input;
	const struct thread_member_page page = {.after = input->after,
						.limit = input->limit != 0 ? (int)input->limit : THREAD_PAGE_MAX,
						.has_member = input->with_member};
	struct channel channel;
	struct jw jw;

	TRY(find_thread(request, &channel));
	reply_json(response, 200, &jw);
	return thread_member_list_to_json(request->db, request->arena, &jw, NULL, &channel, &page);
}

enum err api_thread_member(struct request *request, struct response *response)
{
	const struct api_thread_members_input *input = request->input;
	int64_t user_id = request->path.user_id != 0 ? request->path.user_id : request->caller.user_id;
	struct channel channel;
	struct jw jw;

	TRY(find_thread(request, &channel));
	reply_json(response, 200, &jw);
	return thread_member_to_json(request->db, request->arena, &jw, NULL, &channel, user_id, input->with_member);
}
