/* What is unread, and who has read. Moving how far one has read is one op each. */
#include "domain/read/read.h"
#include "api/api.h"
#include "front/reply.h"

const struct field api_unread_fields[] = {
    {.name = "after", .type = FIELD_ID, .offset = offsetof(struct api_unread_input, after)}, {0}};

enum err api_unread(struct request *request, struct response *response)
{
	const struct api_unread_input *input = request->input;
	int64_t last_id;
	struct jw jw;

	reply_json(response, 200, &jw);
	TRY(read_list_to_json(request->db, request->arena, &jw, NULL, request->caller.user_id, input->after,
			      request->now_ms, &last_id));
	if (last_id != 0)
		reply_header(response, "Link",
			     arena_printf(request->arena, "<%s/api/v1/users/@me/unread?after=%lld>; rel=\"next\"",
					  request->app->public_url, (long long)last_id));
	return ERR_OK;
}

enum err api_readers(struct request *request, struct response *response)
{
	const struct request_path *path = &request->path;
	struct jw jw;

	if (!config_flag(&request->app->config, CONFIG_READ_RECEIPTS))
		return ERR_RECEIPTS_OFF;
	reply_json(response, 200, &jw);
	jw_object(&jw, NULL);
	TRY(read_readers_to_json(request->db, request->arena, &jw, path->channel_id, path->message_id,
				 request->caller.user_id));
	jw_object_end(&jw);
	return ERR_OK;
}

enum err api_settings(struct request *request, struct response *response)
{
	bool is_on;
	struct jw jw;

	TRY(read_receipts_find(request->db, request->caller.user_id, &is_on));
	reply_json(response, 200, &jw);
	jw_object(&jw, NULL);
	jw_flag(&jw, "read_receipts", is_on);
	jw_object_end(&jw);
	return ERR_OK;
}
