/* The account that asks. */
#include "api/api.h"
#include "domain/guild/guild.h"
#include "domain/user/user.h"
#include "front/reply.h"

enum { GUILDS_PAGE_MAX = 200 };

const struct field api_user_guilds_fields[] = {
    {.name = "before", .type = FIELD_ID, .offset = offsetof(struct api_user_guilds_input, before)},
    {.name = "after", .type = FIELD_ID, .offset = offsetof(struct api_user_guilds_input, after)},
    {.name = "limit",
     .type = FIELD_INT,
     .min = 1,
     .max = GUILDS_PAGE_MAX,
     .offset = offsetof(struct api_user_guilds_input, limit)},
    {0}};

enum err api_user_self(struct request *request, struct response *response)
{
	struct user user;
	struct jw jw;

	TRY(user_find(request->db, request->arena, request->caller.user_id, &user));
	reply_json(response, 200, &jw);
	user_self_to_json(&jw, NULL, &user);
	return ERR_OK;
}

enum err api_user_guilds(struct request *request, struct response *response)
{
	const struct api_user_guilds_input *input = request->input;
	int limit = input->limit != 0 ? (int)input->limit : GUILDS_PAGE_MAX;
	struct jw jw;

	reply_json(response, 200, &jw);
	return guild_list_to_json(request->db, request->arena, &jw, NULL, request->caller.user_id, input->before,
				  input->after, limit);
}
