/* The account's security: password, where it is logged in, personal tokens. The second factor has a page of its own. */
#include "crypto/password.h"
#include "domain/factor/factor.h"
#include "domain/mail/mail.h"
#include "domain/session/session.h"
#include "front/account.h"
#include "front/credential.h"
#include "front/protection.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/settings.h"
#include "text/fragment.h"

static const char path[] = "/account/security";

static const struct page_field fields[] = {
    {"current_password", true}, {"new_password", true}, {"name", false}, {NULL, false}};
static const struct page_blame blames[] = {{ERR_WRONG_PASSWORD, "current_password"}, {ERR_OK, NULL}};
static const struct page_form form = {fields, blames};

static enum err write_factor(struct page *page)
{
	struct factor factor;

	TRY(factor_find(page->request->db, page->request->caller.user_id, &factor));
	jw_object(&page->jw, "factor");
	jw_flag(&page->jw, "is_on", factor.is_on);
	jw_int(&page->jw, "codes_left", factor.recovery_codes_left);
	jw_object_end(&page->jw);
	return ERR_OK;
}

static void ready_dates(struct arena *arena, struct view *list)
{
	for (struct view *item = list->first; item != NULL; item = item->next) {
		fragment_moment(arena, item, "created", view_text(item, "created_at"));
		fragment_moment(arena, item, "last_used", view_text(item, "last_used_at"));
	}
}

static enum err render(struct request *request, struct response *response, enum err why)
{
	int64_t user_id = request->caller.user_id;
	struct view *data, *tokens;
	struct page page;

	TRY(page_read_again(request));
	page_begin(&page, request, response);
	page_csrf(&page);
	TRY(page_settings(&page, PAGE_AT_SECURITY));
	TRY(page_form(&page, &form, why));
	TRY(write_factor(&page));
	jw_flag(&page.jw, "has_mail", mail_is_on(&request->app->config));
	TRY(session_list_to_json(request->db, request->arena, &page.jw, "sessions", user_id, request->session.id));
	TRY(session_tokens_to_json(request->db, &page.jw, "tokens", user_id));
	TRY(page_data(&page, &data));
	tokens = view_find(data, "tokens");
	ready_dates(request->arena, view_find(data, "sessions"));
	ready_dates(request->arena, tokens);
	view_put_flag(request->arena, data, "has_tokens", tokens->first != NULL);
	return page_finish(&page, "page/security");
}

enum err page_security_show(struct request *request, struct response *response)
{
	return render(request, response, ERR_OK);
}

void page_security_refused(struct request *request, struct response *response, enum err why)
{
	if (render(request, response, why) != ERR_OK)
		reply_clear(response);
}

enum err page_password_change(struct request *request, struct response *response)
{
	struct protection_cookie cookie;

	TRY(protection_change_password(request, request->input, &cookie));
	credential_cookie_set(request, response, cookie.secret);
	page_done(request, response, path, PAGE_DONE_PASSWORD);
	return ERR_OK;
}

enum err page_session_end(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_session_revoke, &reply));
	page_done(request, response, path, PAGE_DONE_LOGGED_OUT);
	return ERR_OK;
}

/* Who ends their own session too has to log in again, which the next page asks for. */
enum err page_sessions_end(struct request *request, struct response *response)
{
	const struct session_end_everywhere_input *input = request->input;
	struct op_reply reply;

	TRY(front_submit(request, OP_session_end_everywhere, &reply));
	if (input->keep_current) {
		page_done(request, response, path, PAGE_DONE_LOGGED_OUT);
		return ERR_OK;
	}
	credential_cookie_clear(request, response);
	reply_redirect(response, "/login");
	return ERR_OK;
}

/* The one time that the token is seen is this answer, so it is no redirect. */
enum err page_token_create(struct request *request, struct response *response)
{
	const struct account_token_input *input = request->input;
	struct account_token token;
	struct page page;

	TRY(account_token_create(request, input, &token));
	TRY(page_read_again(request));
	page_begin(&page, request, response);
	TRY(page_settings(&page, PAGE_AT_SECURITY));
	jw_text(&page.jw, "token", token.secret);
	jw_text(&page.jw, "name", input->name);
	secret_wipe(&token, sizeof(token));
	return page_finish(&page, "page/token");
}

enum err page_token_end(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_token_revoke, &reply));
	page_done(request, response, path, PAGE_DONE_REVOKED);
	return ERR_OK;
}
