/* What the caller has written and not sent. Changes are one op each. */
#include "api/api.h"
#include "domain/draft/draft.h"
#include "front/reply.h"

enum err api_draft_list(struct request *request, struct response *response)
{
	struct jw jw;

	reply_json(response, 200, &jw);
	return draft_list_to_json(request->db, request->arena, &jw, NULL, request->caller.user_id);
}

enum err api_draft(struct request *request, struct response *response)
{
	struct jw jw;

	reply_json(response, 200, &jw);
	return draft_find_to_json(request->db, &jw, NULL, request->caller.user_id, request->path.channel_id);
}
