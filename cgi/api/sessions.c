/* Where an account is logged in. Ending a session is one op each: routes.c. */
#include "api/api.h"
#include "domain/session/session.h"
#include "front/reply.h"

enum err api_session_list(struct request *request, struct response *response)
{
	struct jw jw;

	reply_json(response, 200, &jw);
	return session_list_to_json(request->db, request->arena, &jw, NULL, request->caller.user_id,
				    request->session.id);
}
