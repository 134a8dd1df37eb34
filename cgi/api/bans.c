/* Who is banned from a workspace. Changes are one op each. */
#include "api/api.h"
#include "domain/ban/ban.h"
#include "front/reply.h"

const struct field api_ban_list_fields[] = {
    {.name = "before", .type = FIELD_ID, .offset = offsetof(struct api_ban_list_input, before)},
    {.name = "after", .type = FIELD_INT, .max = INT64_MAX, .offset = offsetof(struct api_ban_list_input, after)},
    {.name = "limit",
     .type = FIELD_INT,
     .min = 1,
     .max = BANS_PAGE_MAX,
     .offset = offsetof(struct api_ban_list_input, limit)},
    {0}};

enum err api_ban_list(struct request *request, struct response *response)
{
	const struct api_ban_list_input *input = request->input;
	const struct ban_page page = {.before = input->before,
				      .after = input->after,
				      .limit = input->limit != 0 ? (int)input->limit : BANS_PAGE_MAX};
	struct jw jw;

	reply_json(response, 200, &jw);
	return ban_list_to_json(request->db, request->arena, &jw, NULL, request->path.guild_id, &page);
}

enum err api_ban(struct request *request, struct response *response)
{
	struct jw jw;

	reply_json(response, 200, &jw);
	return ban_find_to_json(request->db, request->arena, &jw, NULL, request->path.guild_id, request->path.user_id);
}
