/* Whom the caller has blocked. */
#include "api/api.h"
#include "domain/block/block.h"
#include "front/reply.h"

enum err api_block_list(struct request *request, struct response *response)
{
	struct jw jw;

	reply_json(response, 200, &jw);
	return block_list_to_json(request->db, request->arena, &jw, NULL, request->caller.user_id);
}
