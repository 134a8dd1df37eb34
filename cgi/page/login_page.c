/* Logging in, in one step or, with a second factor, in two; and logging out. */
#include "domain/user/user.h"
#include "front/account.h"
#include "front/credential.h"
#include "front/reply.h"
#include "front/ticket.h"
#include "http/percent.h"
#include "page/handlers.h"
#include "page/login.h"
#include "page/page.h"

#include <string.h>

static const struct page_field login_fields[] = {{"login", false}, {"password", true}, {"next", false}, {NULL, false}};
static const struct page_form login_form = {login_fields, NULL};

static const struct page_field code_fields[] = {{"code", true}, {"next", false}, {NULL, false}};
static const struct page_blame code_blames[] = {{ERR_BAD_TOTP, "code"}, {ERR_TOTP_REQUIRED, "code"}, {ERR_OK, NULL}};
static const struct page_form code_form = {code_fields, code_blames};

/* Ends the session that the request came with, if any. */
static enum err end_session(struct request *request)
{
	struct buf *input = buf_in_arena(request->arena);
	struct op_reply reply;
	enum err e = ERR_OK;

	buf_puts(input, "{}");
	if (request->caller.user_id != 0)
		e = front_submit_text(request, OP_session_end, input, &reply);
	return e == ERR_UNAUTHORIZED ? ERR_OK : e;
}

/* The new cookie takes the place of the old one, whose session nobody could log out from any more. That it ends is no
 * condition of the login, which has happened. */
void page_session_begin(struct request *request, struct response *response, const struct account_session *session)
{
	err_ignore(end_session(request));
	credential_cookie_set(request, response, session->secret);
}

/* What was shown on failure cannot be shown either: the pipeline falls back to plain text. */
static void refuse(struct response *response, enum err e)
{
	if (e != ERR_OK)
		reply_clear(response);
}

static enum err login_render(struct request *request, struct response *response, enum err why)
{
	const char *policy = config_text(&request->app->config, CONFIG_REGISTRATION);
	struct page page;

	page_begin(&page, request, response);
	page_csrf(&page);
	jw_null(&page.jw, "workspace");
	jw_flag(&page.jw, "is_open", strcmp(policy, "open") == 0);
	jw_flag(&page.jw, "is_reset", why == ERR_OK && form_find(&request->query, "reset") != NULL);
	TRY(page_form(&page, &login_form, why));
	return page_finish(&page, "page/login");
}

enum err page_login_show(struct request *request, struct response *response)
{
	bool exists;

	TRY(user_exists_any(request->db, &exists));
	if (!exists || request->caller.user_id != 0) {
		reply_redirect(response, exists ? page_next_path(form_find(&request->query, "next")) : "/setup");
		return ERR_OK;
	}
	return login_render(request, response, ERR_OK);
}

/* The password was right, which opens nothing yet. */
static void ask_for_code(struct request *request, struct response *response, const struct account_session *session)
{
	struct buf *path = buf_in_arena(request->arena);

	ticket_give(request, response, session->user_id, session->password_hash);
	buf_puts(path, "/login/code?next=");
	percent_encode(path, str_from(page_next_path(form_find(&request->form, "next"))));
	reply_redirect(response, path->p);
}

enum err page_login(struct request *request, struct response *response)
{
	struct account_session session;
	enum err e = account_login(request, request->input, "cookie", &session);

	if (e == ERR_TOTP_REQUIRED) {
		ask_for_code(request, response, &session);
		return ERR_OK;
	}
	TRY(e);
	page_session_begin(request, response, &session);
	reply_redirect(response, page_next_path(form_find(&request->form, "next")));
	return ERR_OK;
}

void page_login_refused(struct request *request, struct response *response, enum err why)
{
	refuse(response, login_render(request, response, why));
}

static enum err code_render(struct request *request, struct response *response, enum err why)
{
	struct page page;

	page_begin(&page, request, response);
	page_csrf(&page);
	jw_null(&page.jw, "workspace");
	TRY(page_form(&page, &code_form, why));
	return page_finish(&page, "page/login_code");
}

/* Who has no ticket, or one that is too old, begins again. */
static enum err begin_again(struct request *request, struct response *response)
{
	ticket_take_away(request, response);
	reply_redirect(response, "/login");
	return ERR_OK;
}

enum err page_login_code_show(struct request *request, struct response *response)
{
	const char *password_hash;
	int64_t user_id;
	enum err e = ticket_find(request, &user_id, &password_hash);

	if (e == ERR_UNAUTHORIZED)
		return begin_again(request, response);
	TRY(e);
	return code_render(request, response, ERR_OK);
}

const struct field page_login_code_fields[] = {{.name = "code",
						.type = FIELD_TEXT,
						.flags = FIELD_TRIM | FIELD_SECRET,
						.max = PAGE_LOGIN_CODE_MAX,
						.offset = offsetof(struct page_login_code_input, code)},
					       {0}};

enum err page_login_code(struct request *request, struct response *response)
{
	const struct page_login_code_input *input = request->input;
	struct account_session session = {0};
	enum err e = ticket_find(request, &session.user_id, &session.password_hash);

	if (e == ERR_OK)
		e = account_login_code(request, input->code != NULL ? input->code : "", "cookie", &session);
	if (e == ERR_UNAUTHORIZED || e == ERR_BAD_CREDENTIALS)
		return begin_again(request, response);
	TRY(e);
	ticket_take_away(request, response);
	page_session_begin(request, response, &session);
	reply_redirect(response, page_next_path(form_find(&request->form, "next")));
	return ERR_OK;
}

void page_login_code_refused(struct request *request, struct response *response, enum err why)
{
	refuse(response, code_render(request, response, why));
}

enum err page_logout(struct request *request, struct response *response)
{
	TRY(end_session(request));
	credential_cookie_clear(request, response);
	reply_redirect(response, "/login");
	return ERR_OK;
}
