/* The account that asks, and those that it may know of. */
#include "api/api.h"
#include "domain/guild/guild.h"
#include "domain/user/user.h"
#include "front/profile.h"
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

/* Whom the caller shares nothing with does not exist. */
enum err api_user(struct request *request, struct response *response)
{
	struct user user;
	bool is_visible;
	struct jw jw;

	TRY(user_is_visible(request->db, request->caller.user_id, request->path.user_id, &is_visible));
	if (!is_visible)
		return ERR_UNKNOWN_USER;
	TRY(user_find(request->db, request->arena, request->path.user_id, &user));
	reply_json(response, 200, &jw);
	user_profile_to_json(&jw, NULL, &user);
	return ERR_OK;
}

static enum err reply_user(struct request *request, struct response *response, const struct op_reply *reply)
{
	struct str user = op_reply_member(reply, request->arena, "user");
	struct jw jw;

	reply_json(response, 200, &jw);
	jw_raw(&jw, NULL, user.p, user.n);
	return ERR_OK;
}

enum err api_user_update(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(profile_update(request, request->input, &reply));
	return reply_user(request, response, &reply);
}

enum err api_user_email(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(profile_email(request, request->input, &reply));
	return reply_user(request, response, &reply);
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
