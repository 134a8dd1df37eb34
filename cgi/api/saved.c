/* Messages that the caller keeps for later. */
#include "domain/saved/saved.h"
#include "api/api.h"
#include "front/reply.h"

const struct field api_saved_list_fields[] = {
    {.name = "before", .type = FIELD_ID, .offset = offsetof(struct api_saved_list_input, before)},
    {.name = "limit",
     .type = FIELD_INT,
     .min = 1,
     .max = SAVED_PAGE_MAX,
     .offset = offsetof(struct api_saved_list_input, limit)},
    {0}};

enum err api_saved_list(struct request *request, struct response *response)
{
	const struct api_saved_list_input *in = request->input;
	const struct saved_page page = {
	    .before = in->before,
	    .limit = in->limit != 0 ? (int)in->limit : SAVED_PAGE_INITIAL,
	};
	struct jw jw;

	reply_json(response, 200, &jw);
	jw_object(&jw, NULL);
	TRY(saved_list_to_json(request->db, request->arena, &jw, request->caller.user_id, &page, NULL));
	jw_object_end(&jw);
	return ERR_OK;
}
