/* Messages that the caller has written for later. Changes are one op each. */
#include "domain/scheduled/scheduled.h"
#include "api/api.h"
#include "front/reply.h"

enum err api_scheduled_list(struct request *request, struct response *response)
{
	struct jw jw;

	reply_json(response, 200, &jw);
	return scheduled_list_to_json(request->db, request->arena, &jw, NULL, request->caller.user_id);
}
