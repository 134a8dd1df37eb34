/* Personal tokens: named, shown once, kept as a digest, revocable. */
#include "api/api.h"
#include "domain/session/session.h"
#include "front/account.h"
#include "front/reply.h"

enum err api_token_list(struct request *request, struct response *response)
{
	struct jw jw;

	reply_json(response, 200, &jw);
	return session_tokens_to_json(request->db, &jw, NULL, request->caller.user_id);
}

enum err api_token_create(struct request *request, struct response *response)
{
	const struct account_token_input *input = request->input;
	struct account_token token;
	struct jw jw;

	TRY(account_token_create(request, input, &token));
	reply_json(response, 201, &jw);
	jw_object(&jw, NULL);
	jw_id(&jw, "id", token.id);
	jw_text(&jw, "name", input->name);
	jw_text(&jw, "token", token.secret);
	jw_object_end(&jw);
	secret_wipe(&token, sizeof(token));
	return ERR_OK;
}
