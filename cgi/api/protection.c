/* What protects an account: its password, and the second factor. See front/protection.h. */
#include "front/protection.h"
#include "api/api.h"
#include "front/reply.h"
#include "json/view.h"

enum err api_password_change(struct request *request, struct response *response)
{
	struct protection_cookie none;

	TRY(protection_change_password(request, request->input, &none));
	reply_nothing(response);
	return ERR_OK;
}

enum err api_password_reset(struct request *request, struct response *response)
{
	TRY(protection_reset_password(request, request->input));
	reply_nothing(response);
	return ERR_OK;
}

enum err api_factor_begin(struct request *request, struct response *response)
{
	struct buf *input = buf_in_arena(request->arena);
	struct op_reply reply;
	struct view *result;
	const char *uri;
	struct str secret;
	struct jw jw;

	buf_puts(input, "{}");
	TRY(front_submit_text(request, OP_factor_begin, input, &reply));
	TRY(view_parse(request->arena, reply.result.p, reply.result.n, &result));
	secret = view_text(result, "secret");
	TRY(protection_factor_uri(request, arena_strndup(request->arena, secret.p, secret.n), &uri));
	reply_json(response, 200, &jw);
	jw_object(&jw, NULL);
	jw_text_n(&jw, "secret", secret.p, secret.n);
	jw_text(&jw, "uri", uri);
	jw_object_end(&jw);
	return ERR_OK;
}

/* The codes are the op's whole result. */
static enum err change_and_show_codes(struct request *request, struct response *response, enum op op)
{
	struct protection_cookie none;
	struct op_reply reply;
	struct jw jw;

	TRY(protection_change_factor(request, op, request->input, &none, &reply));
	reply_json(response, 200, &jw);
	jw_raw(&jw, NULL, reply.result.p, reply.result.n);
	return ERR_OK;
}

enum err api_factor_confirm(struct request *request, struct response *response)
{
	return change_and_show_codes(request, response, OP_factor_confirm);
}

enum err api_factor_renew_codes(struct request *request, struct response *response)
{
	return change_and_show_codes(request, response, OP_factor_renew_codes);
}

enum err api_factor_end(struct request *request, struct response *response)
{
	struct protection_cookie none;
	struct op_reply reply;

	TRY(protection_change_factor(request, OP_factor_end, request->input, &none, &reply));
	reply_nothing(response);
	return ERR_OK;
}
