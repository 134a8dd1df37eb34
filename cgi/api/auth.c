/* Accounts and sessions of scripts and programs: an access token (JWT, a quarter of an hour) and a refresh token that
 * changes with every use. Personal tokens are in tokens.c. */
#include "api/api.h"
#include "domain/user/user.h"
#include "front/account.h"
#include "front/credential.h"
#include "front/reply.h"

enum { REFRESH_TOKEN_MAX = 64 };

const struct field api_refresh_fields[] = {{.name = "refresh_token",
					    .type = FIELD_TEXT,
					    .flags = FIELD_REQUIRED | FIELD_SECRET,
					    .max = REFRESH_TOKEN_MAX,
					    .offset = offsetof(struct api_refresh_input, refresh_token)},
					   {0}};

const struct field api_logout_fields[] = {{.name = "refresh_token",
					   .type = FIELD_TEXT,
					   .flags = FIELD_SECRET,
					   .max = REFRESH_TOKEN_MAX,
					   .offset = offsetof(struct api_logout_input, refresh_token)},
					  {0}};

/* The same body answers register, login and refresh. */
static void reply_session(struct request *request, struct response *response, int status,
			  const struct account_session *session)
{
	struct jwt_claims claims = {
	    .user_id = session->user_id,
	    .session_id = session->id,
	    .issued_at_s = request->now_ms / 1000,
	    .expires_at_s = request->now_ms / 1000 + SESSION_ACCESS_SECONDS,
	};
	char access_token[JWT_TEXT_MAX];
	struct jw jw;

	jwt_sign(&request->app->secrets.jwt, &claims, access_token);
	reply_json(response, status, &jw);
	jw_object(&jw, NULL);
	jw_raw(&jw, "user", session->user.p, session->user.n);
	jw_text(&jw, "access_token", access_token);
	jw_text(&jw, "refresh_token", session->secret);
	jw_int(&jw, "expires_in", SESSION_ACCESS_SECONDS);
	jw_text(&jw, "token_type", "Bearer");
	jw_object_end(&jw);
	secret_wipe(access_token, sizeof(access_token));
}

enum err api_register(struct request *request, struct response *response)
{
	struct account_session session;

	TRY(account_register(request, request->input, "refresh", &session));
	reply_session(request, response, 201, &session);
	return ERR_OK;
}

enum err api_login(struct request *request, struct response *response)
{
	struct account_session session;

	TRY(account_login(request, request->input, "refresh", &session));
	reply_session(request, response, 200, &session);
	return ERR_OK;
}

static enum err submit_refresh(struct request *request, const char *old, struct account_session *out)
{
	char digest[SECRET_TEXT_SIZE], new_digest[SECRET_TEXT_SIZE];
	struct buf *op = buf_in_arena(request->arena);
	struct op_reply reply;
	json_t *result;
	struct jw jw;

	secret_token(out->secret);
	account_digest(old, digest);
	account_digest(out->secret, new_digest);
	jw_init(&jw, op);
	jw_object(&jw, NULL);
	jw_text(&jw, "digest", digest);
	jw_text(&jw, "new_digest", new_digest);
	jw_object_end(&jw);
	TRY(front_submit_text(request, OP_session_refresh, op, &reply));
	TRY(json_parse_own(request->arena, reply.result.p, reply.result.n, &result));
	out->id = json_id(result, "session_id");
	out->user_id = json_id(result, "user_id");
	return ERR_OK;
}

enum err api_refresh(struct request *request, struct response *response)
{
	const struct api_refresh_input *input = request->input;
	struct account_session session = {0};
	struct buf *text = buf_in_arena(request->arena);
	struct user user;
	struct jw jw;

	TRY(submit_refresh(request, input->refresh_token, &session));
	TRY(user_find(request->db, request->arena, session.user_id, &user));
	jw_init(&jw, text);
	user_self_to_json(&jw, NULL, &user);
	session.user = (struct str){text->p, text->n};
	reply_session(request, response, 200, &session);
	return ERR_OK;
}

/* With a refresh token that token is proof enough: whoever logs out often holds an access token that has expired. */
enum err api_logout(struct request *request, struct response *response)
{
	const struct credential_source source = {request->db, request->app->sessions, request->now_ms};
	const struct api_logout_input *input = request->input;
	struct buf *op = buf_in_arena(request->arena);
	char digest[SECRET_TEXT_SIZE];
	struct op_reply reply;
	struct jw jw;

	jw_init(&jw, op);
	jw_object(&jw, NULL);
	if (input->refresh_token != NULL) {
		account_digest(input->refresh_token, digest);
		jw_text(&jw, "digest", digest);
	} else {
		TRY(credential_from_authorization(&source, &request->app->secrets.jwt,
						  request_param(request, "HTTP_AUTHORIZATION"), &request->session));
		request->caller.user_id = request->session.user_id;
		request->caller.session_id = request->session.id;
	}
	jw_object_end(&jw);
	TRY(front_submit_text(request, OP_session_end, op, &reply));
	reply_nothing(response);
	return ERR_OK;
}
