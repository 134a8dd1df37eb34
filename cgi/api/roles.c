/* Roles, which every member of a workspace may read. Changes are one op each. */
#include "api/api.h"
#include "domain/role/role.h"
#include "front/reply.h"

enum err api_role_list(struct request *request, struct response *response)
{
	struct jw jw;

	reply_json(response, 200, &jw);
	return role_list_to_json(request->db, request->arena, &jw, NULL, request->path.guild_id);
}

enum err api_role(struct request *request, struct response *response)
{
	struct role role;
	struct jw jw;

	TRY(role_find(request->db, request->arena, request->path.guild_id, request->path.role_id, &role));
	reply_json(response, 200, &jw);
	role_to_json(&jw, NULL, &role);
	return ERR_OK;
}
