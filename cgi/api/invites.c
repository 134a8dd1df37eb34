/* Invites: what anybody who holds a code may see before accepting it. */
#include "api/api.h"
#include "domain/invite/invite.h"
#include "front/reply.h"

enum err api_invite(struct request *request, struct response *response)
{
	struct invite invite;
	struct jw jw;

	TRY(invite_find(request->db, request->arena, request->path.code, request->now_ms, &invite));
	reply_json(response, 200, &jw);
	return invite_to_json(request->db, request->arena, &jw, NULL, &invite, false);
}
