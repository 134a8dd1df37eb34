/* Making personal tokens: see account.h. Called by a page and by the API. */
#include "front/account.h"
#include "json/jw.h"
#include "json/view.h"

enum { TOKEN_NAME_MAX = 100 };

const struct field account_token_fields[] = {{.name = "name",
					      .type = FIELD_TEXT,
					      .flags = FIELD_REQUIRED | FIELD_TRIM,
					      .min = 1,
					      .max = TOKEN_NAME_MAX,
					      .offset = offsetof(struct account_token_input, name)},
					     {0}};

enum err account_token_create(struct request *request, const struct account_token_input *input,
			      struct account_token *out)
{
	struct buf *op = buf_in_arena(request->arena);
	char digest[SECRET_TEXT_SIZE];
	struct op_reply reply;
	struct view *result;
	struct jw jw;

	secret_token(out->secret);
	account_digest(out->secret, digest);
	jw_init(&jw, op);
	jw_object(&jw, NULL);
	jw_text(&jw, "name", input->name);
	jw_text(&jw, "digest", digest);
	jw_object_end(&jw);
	TRY(front_submit_text(request, OP_token_create, op, &reply));
	TRY(view_parse(request->arena, reply.result.p, reply.result.n, &result));
	out->id = view_id(result, "id");
	return ERR_OK;
}
