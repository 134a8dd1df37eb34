/* The bots of a workspace. That the caller manages it was checked when the route was loaded. */
#include "api/api.h"
#include "domain/bot/bot.h"
#include "front/bot_token.h"
#include "front/reply.h"

enum err api_bot_list(struct request *request, struct response *response)
{
	struct jw jw;

	reply_json(response, 200, &jw);
	return bot_list_to_json(request->db, request->arena, &jw, NULL, request->path.guild_id);
}

static enum err reply_token(struct response *response, int status, struct bot_token *token)
{
	struct jw jw;

	reply_json(response, status, &jw);
	jw_object(&jw, NULL);
	jw_raw(&jw, "user", token->user.p, token->user.n);
	jw_text(&jw, "token", token->secret);
	jw_object_end(&jw);
	secret_wipe(token->secret, sizeof(token->secret));
	return ERR_OK;
}

enum err api_bot_create(struct request *request, struct response *response)
{
	const struct bot_create_form_input *input = request->input;
	struct bot_token token;

	TRY(bot_token_create(request, input->username, &token));
	return reply_token(response, 201, &token);
}

enum err api_bot_renew(struct request *request, struct response *response)
{
	struct bot_token token;

	TRY(bot_token_renew(request, &token));
	return reply_token(response, 200, &token);
}
