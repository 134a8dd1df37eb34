/* Workspaces and what is listed of them. That the caller is a member was checked when the route was loaded. */
#include "api/api.h"
#include "domain/channel/channel.h"
#include "domain/guild/guild.h"
#include "domain/invite/invite.h"
#include "front/reply.h"

enum err api_guild(struct request *request, struct response *response)
{
	struct guild guild;
	struct jw jw;

	TRY(guild_find(request->db, request->arena, request->path.guild_id, &guild));
	reply_json(response, 200, &jw);
	return guild_to_json(request->db, request->arena, &jw, NULL, &guild);
}

enum err api_guild_channels(struct request *request, struct response *response)
{
	struct jw jw;

	reply_json(response, 200, &jw);
	return channel_list_to_json(request->db, request->arena, &jw, NULL, request->path.guild_id,
				    request->caller.user_id);
}

enum err api_guild_invites(struct request *request, struct response *response)
{
	struct jw jw;

	reply_json(response, 200, &jw);
	return invite_list_to_json(request->db, request->arena, &jw, NULL, request->path.guild_id, request->now_ms);
}
