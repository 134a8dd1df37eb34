/* Invites: what anybody who holds a code may see before accepting it, and the lists for those who manage them. */
#include "api/api.h"
#include "domain/channel/channel.h"
#include "domain/invite/invite.h"
#include "front/reply.h"

enum err api_invite(struct request *request, struct response *response)
{
	struct invite invite;
	struct jw jw;

	TRY(invite_find(request->db, request->arena, request->path.code, request->now_ms, &invite));
	reply_json(response, 200, &jw);
	return invite_preview_to_json(request->db, request->arena, &jw, NULL, &invite);
}

enum err api_guild_invites(struct request *request, struct response *response)
{
	const struct invite_filter filter = {.guild_id = request->path.guild_id,
					     .viewer_id = request->caller.user_id,
					     .now_ms = request->now_ms};
	struct jw jw;

	reply_json(response, 200, &jw);
	return invite_list_to_json(request->db, request->arena, &jw, NULL, &filter);
}

enum err api_channel_invites(struct request *request, struct response *response)
{
	struct invite_filter filter = {.viewer_id = request->caller.user_id,
				       .channel_id = request->path.channel_id,
				       .now_ms = request->now_ms};
	struct channel channel;
	struct jw jw;

	TRY(channel_find(request->db, request->arena, filter.channel_id, &channel));
	if (channel_is_direct(&channel))
		return ERR_MISSING_PERMISSIONS;
	filter.guild_id = channel.guild_id;
	reply_json(response, 200, &jw);
	return invite_list_to_json(request->db, request->arena, &jw, NULL, &filter);
}
