/* Channels. That the caller may view the channel was checked when the route was loaded. */
#include "api/api.h"
#include "domain/channel/channel.h"
#include "front/reply.h"

enum err api_channel(struct request *request, struct response *response)
{
	struct channel channel;
	struct jw jw;

	TRY(channel_find(request->db, request->arena, request->path.channel_id, &channel));
	reply_json(response, 200, &jw);
	channel_to_json(&jw, NULL, &channel);
	return ERR_OK;
}
