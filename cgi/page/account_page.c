/* Setting up and making an account. The forms are open to visitors; what they may do is decided in
 * front/account.c and again in the store. */
#include "domain/invite/invite.h"
#include "domain/user/user.h"
#include "front/account.h"
#include "front/reply.h"
#include "http/percent.h"
#include "page/handlers.h"
#include "page/login.h"
#include "page/page.h"
#include "text/fragment.h"

#include <string.h>

static const struct page_field account_fields[] = {
    {"username", false},  {"display_name", false}, {"email", false},  {"password", true},
    {"workspace", false}, {"setup_code", true},    {"invite", false}, {NULL, false}};
static const struct page_blame account_blames[] = {
    {ERR_NAME_TAKEN, "username"}, {ERR_EMAIL_TAKEN, "email"}, {ERR_SETUP_CODE_REQUIRED, "setup_code"}, {ERR_OK, NULL}};
static const struct page_form account_form = {account_fields, account_blames};

static enum err arrive(struct request *request, struct response *response, const struct account_session *session)
{
	const char *path = "/";

	if (session->guild_id != 0)
		path = page_channel_path(request, session->guild_id, session->channel_id);
	page_session_begin(request, response, session);
	reply_redirect(response, path);
	return ERR_OK;
}

/* What was shown on failure cannot be shown either: the pipeline falls back to plain text. */
static void refuse(struct response *response, enum err e)
{
	if (e != ERR_OK)
		reply_clear(response);
}

/* The code of the printed link stays in the form's address, so that a form that is shown again still has it; a code
 * that was typed is a secret and is typed again. */
static void write_setup_code(struct page *page)
{
	const char *code = form_find(&page->request->query, "code");
	struct buf *encoded = buf_in_arena(page->request->arena);

	jw_flag(&page->jw, "needs_code", page->request->app->secrets.setup_code[0] != '\0');
	jw_text(&page->jw, "code", code);
	if (code != NULL)
		percent_encode(encoded, str_from(code));
	jw_text_n(&page->jw, "code_encoded", encoded->n > 0 ? encoded->p : "", encoded->n);
}

static enum err setup_render(struct request *request, struct response *response, enum err why)
{
	struct page page;

	TRY(page_read_again(request));
	page_begin(&page, request, response);
	page_csrf(&page);
	jw_null(&page.jw, "workspace");
	write_setup_code(&page);
	TRY(page_form(&page, &account_form, why));
	return page_finish(&page, "page/setup");
}

enum err page_setup_show(struct request *request, struct response *response)
{
	bool exists;

	TRY(user_exists_any(request->db, &exists));
	if (exists) {
		reply_redirect(response, "/");
		return ERR_OK;
	}
	return setup_render(request, response, ERR_OK);
}

enum err page_setup(struct request *request, struct response *response)
{
	struct account_session session;
	bool exists;

	TRY(user_exists_any(request->db, &exists));
	if (exists)
		return ERR_ALREADY_SET_UP;
	TRY(account_register(request, request->input, "cookie", &session));
	return arrive(request, response, &session);
}

void page_setup_refused(struct request *request, struct response *response, enum err why)
{
	if (why == ERR_ALREADY_SET_UP)
		page_error(request, response, why);
	else
		refuse(response, setup_render(request, response, why));
}

/* Adds invite and inviter_name of the code, or null when it leads nowhere; *works says which. */
static enum err write_invite(struct page *page, const char *code, bool *works)
{
	struct request *request = page->request;
	struct invite invite;
	enum err e = ERR_UNKNOWN_INVITE;

	if (code != NULL && code[0] != '\0')
		e = invite_find(request->db, request->arena, code, request->now_ms, &invite);
	*works = e == ERR_OK;
	if (e == ERR_OK)
		return invite_preview_to_json(request->db, request->arena, &page->jw, "invite", &invite);
	jw_null(&page->jw, "invite");
	return e == ERR_UNKNOWN_INVITE || e == ERR_INVITE_EXPIRED ? ERR_OK : e;
}

static bool registration_is(const struct request *request, const char *policy)
{
	return strcmp(config_text(&request->app->config, CONFIG_REGISTRATION), policy) == 0;
}

/* The page to log in that comes back to the invite. */
static const char *login_path(struct request *request, const char *invite)
{
	struct buf *path = buf_in_arena(request->arena);

	buf_puts(path, "/login");
	if (invite != NULL && invite[0] != '\0') {
		buf_puts(path, "?next=%2Finvite%2F");
		percent_encode(path, str_from(invite));
	}
	return path->p;
}

static enum err signup_render(struct request *request, struct response *response, enum err why)
{
	const char *code = form_find(request->form.count > 0 ? &request->form : &request->query, "invite");
	struct page page;
	struct view *data;
	bool works;

	TRY(page_read_again(request));
	page_begin(&page, request, response);
	page_csrf(&page);
	jw_null(&page.jw, "workspace");
	TRY(write_invite(&page, code, &works));
	jw_flag(&page.jw, "may_register",
		!registration_is(request, "closed") && (works || registration_is(request, "open")));
	jw_text(&page.jw, "login_path", login_path(request, code));
	TRY(page_form(&page, &account_form, why));
	TRY(page_data(&page, &data));
	fragment_person(request->arena, data, "inviter", view_find(view_find(data, "invite"), "inviter"));
	return page_finish(&page, "page/signup");
}

enum err page_signup_show(struct request *request, struct response *response)
{
	bool exists;

	TRY(user_exists_any(request->db, &exists));
	if (!exists) {
		reply_redirect(response, "/setup");
		return ERR_OK;
	}
	return signup_render(request, response, ERR_OK);
}

enum err page_signup(struct request *request, struct response *response)
{
	struct account_session session;
	bool exists;

	TRY(user_exists_any(request->db, &exists));
	if (!exists) {
		reply_redirect(response, "/setup");
		return ERR_OK;
	}
	TRY(account_register(request, request->input, "cookie", &session));
	return arrive(request, response, &session);
}

void page_signup_refused(struct request *request, struct response *response, enum err why)
{
	refuse(response, signup_render(request, response, why));
}
