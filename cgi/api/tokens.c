/* Personal tokens: named, shown once, kept as a digest, revocable. */
#include "api/api.h"
#include "domain/session/session.h"
#include "front/account.h"
#include "front/reply.h"

enum { TOKEN_NAME_MAX = 100 };

const struct field api_token_create_fields[] = {{.name = "name",
						 .type = FIELD_TEXT,
						 .flags = FIELD_REQUIRED | FIELD_TRIM,
						 .min = 1,
						 .max = TOKEN_NAME_MAX,
						 .offset = offsetof(struct api_token_create_input, name)},
						{0}};

enum err api_token_list(struct request *request, struct response *response)
{
	struct jw jw;

	reply_json(response, 200, &jw);
	return session_tokens_to_json(request->db, &jw, NULL, request->caller.user_id);
}

enum err api_token_create(struct request *request, struct response *response)
{
	const struct api_token_create_input *input = request->input;
	char token[SECRET_TEXT_SIZE], digest[SECRET_TEXT_SIZE];
	struct buf *op = buf_in_arena(request->arena);
	struct op_reply reply;
	json_t *result;
	struct jw jw;

	secret_token(token);
	account_digest(token, digest);
	jw_init(&jw, op);
	jw_object(&jw, NULL);
	jw_text(&jw, "name", input->name);
	jw_text(&jw, "digest", digest);
	jw_object_end(&jw);
	TRY(front_submit_text(request, OP_token_create, op, &reply));
	TRY(json_parse_own(request->arena, reply.result.p, reply.result.n, &result));

	reply_json(response, 201, &jw);
	jw_object(&jw, NULL);
	jw_id(&jw, "id", json_id(result, "id"));
	jw_text(&jw, "name", json_text(result, "name"));
	jw_text(&jw, "token", token);
	jw_object_end(&jw);
	secret_wipe(token, sizeof(token));
	return ERR_OK;
}
