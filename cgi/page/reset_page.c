/* A new password for who has forgotten theirs: asking for a code by e-mail, and using it. Who owns the address is told
 * by mail alone; the page says the same to everybody. */
#include "domain/mail/mail.h"
#include "front/protection.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page.h"

static const struct page_field ask_fields[] = {{"login", false}, {NULL, false}};
static const struct page_form ask_form = {ask_fields, NULL};

static const struct page_field new_fields[] = {{"code", true}, {"new_password", true}, {NULL, false}};
static const struct page_blame new_blames[] = {{ERR_BAD_RESET_CODE, "code"}, {ERR_OK, NULL}};
static const struct page_form new_form = {new_fields, new_blames};

static void refuse(struct response *response, enum err e)
{
	if (e != ERR_OK)
		reply_clear(response);
}

static enum err ask_render(struct request *request, struct response *response, enum err why)
{
	struct page page;

	page_begin(&page, request, response);
	page_csrf(&page);
	jw_null(&page.jw, "workspace");
	jw_flag(&page.jw, "has_mail", mail_is_on(&request->app->config));
	TRY(page_form(&page, &ask_form, why));
	return page_finish(&page, "page/reset");
}

enum err page_reset_show(struct request *request, struct response *response)
{
	return ask_render(request, response, ERR_OK);
}

enum err page_reset(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_password_reset_ask, &reply));
	reply_redirect(response, "/reset/new?sent=1");
	return ERR_OK;
}

void page_reset_refused(struct request *request, struct response *response, enum err why)
{
	refuse(response, ask_render(request, response, why));
}

static enum err new_render(struct request *request, struct response *response, enum err why)
{
	struct page page;

	page_begin(&page, request, response);
	page_csrf(&page);
	jw_null(&page.jw, "workspace");
	jw_flag(&page.jw, "is_sent", why == ERR_OK && form_find(&request->query, "sent") != NULL);
	TRY(page_form(&page, &new_form, why));
	return page_finish(&page, "page/reset_new");
}

enum err page_reset_new_show(struct request *request, struct response *response)
{
	return new_render(request, response, ERR_OK);
}

/* It opens no session: who has the mailbox is asked for the rest as ever. */
enum err page_reset_new(struct request *request, struct response *response)
{
	TRY(protection_reset_password(request, request->input));
	reply_redirect(response, "/login?reset=1");
	return ERR_OK;
}

void page_reset_new_refused(struct request *request, struct response *response, enum err why)
{
	refuse(response, new_render(request, response, why));
}
