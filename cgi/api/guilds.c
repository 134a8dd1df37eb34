/* Workspaces and what is listed of them. That the caller is a member was checked when the route was loaded. */
#include "api/api.h"
#include "domain/channel/channel.h"
#include "domain/guild/guild.h"
#include "front/reply.h"
#include "front/workspace.h"

const struct field api_guild_fields[] = {
    {.name = "with_counts", .type = FIELD_FLAG, .offset = offsetof(struct api_guild_input, with_counts)}, {0}};

enum err api_guild(struct request *request, struct response *response)
{
	const struct api_guild_input *in = request->input;
	struct guild guild;
	struct jw jw;

	TRY(guild_find(request->db, request->arena, request->path.guild_id, &guild));
	reply_json(response, 200, &jw);
	if (in->with_counts)
		return guild_counted_to_json(request->db, request->arena, &jw, NULL, &guild);
	return guild_to_json(request->db, request->arena, &jw, NULL, &guild);
}

static enum err reply_guild(struct request *request, struct response *response, int status,
			    const struct op_reply *reply)
{
	struct str guild = op_reply_member(reply, request->arena, "guild");
	struct jw jw;

	if (guild.n == 0)
		return ERR_INTERNAL;
	reply_json(response, status, &jw);
	jw_raw(&jw, NULL, guild.p, guild.n);
	return ERR_OK;
}

enum err api_guild_create(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(workspace_create(request, request->input, &reply));
	return reply_guild(request, response, 201, &reply);
}

enum err api_guild_update(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(workspace_update(request, request->input, &reply));
	return reply_guild(request, response, 200, &reply);
}

enum err api_guild_channels(struct request *request, struct response *response)
{
	struct jw jw;

	reply_json(response, 200, &jw);
	return channel_list_to_json(request->db, request->arena, &jw, NULL, request->path.guild_id,
				    request->caller.user_id);
}
