/* Channels of all kinds, and who is in them. That the caller may view the channel was checked when the route was
 * loaded.
 */
#include "api/api.h"
#include "domain/channel/channel.h"
#include "domain/channel/channel_member.h"
#include "front/reply.h"

const struct field api_channel_members_fields[] = {
    {.name = "after", .type = FIELD_ID, .offset = offsetof(struct api_channel_members_input, after)},
    {.name = "limit",
     .type = FIELD_INT,
     .min = 1,
     .max = CHANNEL_MEMBERS_PAGE_MAX,
     .offset = offsetof(struct api_channel_members_input, limit)},
    {0}};

enum err api_channel(struct request *request, struct response *response)
{
	struct channel channel;
	struct jw jw;

	TRY(channel_find(request->db, request->arena, request->path.channel_id, &channel));
	reply_json(response, 200, &jw);
	return channel_view_to_json(request->db, request->arena, &jw, NULL, &channel, request->caller.user_id);
}

enum err api_channel_members(struct request *request, struct response *response)
{
	const struct api_channel_members_input *input = request->input;
	int limit = input->limit != 0 ? (int)input->limit : CHANNEL_MEMBERS_PAGE_MAX;
	struct channel channel;
	struct jw jw;

	TRY(channel_find(request->db, request->arena, request->path.channel_id, &channel));
	reply_json(response, 200, &jw);
	return channel_member_list_to_json(request->db, request->arena, &jw, NULL, &channel, input->after, limit);
}

enum err api_channel_member(struct request *request, struct response *response)
{
	struct channel channel;
	struct jw jw;

	TRY(channel_find(request->db, request->arena, request->path.channel_id, &channel));
	reply_json(response, 200, &jw);
	return channel_member_to_json(request->db, request->arena, &jw, NULL, &channel, request->path.user_id);
}

enum err api_channel_member_self(struct request *request, struct response *response)
{
	struct channel_member member;
	struct jw jw;

	TRY(channel_member_find(request->db, request->path.channel_id, request->caller.user_id, request->now_ms,
				&member));
	reply_json(response, 200, &jw);
	channel_settings_to_json(&jw, NULL, &member);
	return ERR_OK;
}

enum err api_channel_bans(struct request *request, struct response *response)
{
	struct jw jw;

	reply_json(response, 200, &jw);
	return channel_ban_list_to_json(request->db, request->arena, &jw, NULL, request->path.channel_id);
}

enum err api_direct_list(struct request *request, struct response *response)
{
	struct jw jw;

	reply_json(response, 200, &jw);
	return channel_list_direct_to_json(request->db, request->arena, &jw, NULL, request->caller.user_id);
}
