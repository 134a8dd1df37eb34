/* The second factor: setting it up with a phone, its recovery codes, and turning it off. */
#include "domain/factor/factor.h"
#include "front/credential.h"
#include "front/protection.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/settings.h"
#include "text/qr.h"

static const char path[] = "/account/security/factor";

static const struct page_field fields[] = {{"code", true}, {"password", true}, {NULL, false}};
static const struct page_blame blames[] = {
    {ERR_WRONG_PASSWORD, "password"}, {ERR_BAD_TOTP, "code"}, {ERR_TOTP_REQUIRED, "password"}, {ERR_OK, NULL}};
static const struct page_form form = {fields, blames};

/* In groups of four, as people type it. */
static const char *grouped(struct request *request, const char *secret)
{
	struct buf *out = buf_in_arena(request->arena);

	for (size_t i = 0; secret[i] != '\0'; i++) {
		if (i > 0 && i % 4 == 0)
			buf_putc(out, ' ');
		buf_putc(out, secret[i]);
	}
	return out->p;
}

/* Adds pending {secret, uri, qr: {path, size}}: what a phone needs, for as long as nothing is confirmed. */
static enum err write_pending(struct page *page, const struct factor *factor)
{
	struct request *request = page->request;
	struct buf *picture = buf_in_arena(request->arena);
	char secret[TOTP_BASE32_SIZE];
	const char *uri;
	int size;

	totp_secret_encode(&factor->secret, secret);
	TRY(protection_factor_uri(request, secret, &uri));
	TRY(qr_path(uri, picture, &size));
	jw_object(&page->jw, "pending");
	jw_text(&page->jw, "secret", grouped(request, secret));
	jw_text(&page->jw, "uri", uri);
	jw_object(&page->jw, "qr");
	jw_text(&page->jw, "path", picture->p);
	jw_int(&page->jw, "size", size);
	jw_object_end(&page->jw);
	jw_object_end(&page->jw);
	return ERR_OK;
}

static enum err render(struct request *request, struct response *response, enum err why)
{
	struct factor factor;
	struct page page;

	TRY(page_read_again(request));
	TRY(factor_find(request->db, request->caller.user_id, &factor));
	page_begin(&page, request, response);
	page_csrf(&page);
	TRY(page_settings(&page, PAGE_AT_SECURITY));
	TRY(page_form(&page, &form, why));
	jw_flag(&page.jw, "is_on", factor.is_on);
	jw_int(&page.jw, "codes_left", factor.recovery_codes_left);
	if (factor.is_pending)
		TRY(write_pending(&page, &factor));
	else
		jw_null(&page.jw, "pending");
	return page_finish(&page, "page/factor");
}

enum err page_factor_show(struct request *request, struct response *response)
{
	return render(request, response, ERR_OK);
}

void page_factor_refused(struct request *request, struct response *response, enum err why)
{
	if (render(request, response, why) != ERR_OK)
		reply_clear(response);
}

/* Begins anew where something was pending: its secret may have been seen by somebody. */
enum err page_factor_begin(struct request *request, struct response *response)
{
	struct buf *input = buf_in_arena(request->arena);
	struct op_reply reply;

	buf_puts(input, "{}");
	TRY(front_submit_text(request, OP_factor_begin, input, &reply));
	reply_redirect(response, path);
	return ERR_OK;
}

/* The one time that the codes are seen is this answer, so it is no redirect. */
static enum err show_codes(struct request *request, struct response *response, const struct op_reply *reply)
{
	struct str codes = op_reply_member(reply, request->arena, "recovery_codes");
	struct page page;

	TRY(page_read_again(request));
	page_begin(&page, request, response);
	TRY(page_settings(&page, PAGE_AT_SECURITY));
	jw_raw(&page.jw, "codes", codes.p, codes.n);
	return page_finish(&page, "page/recovery_codes");
}

enum err page_factor_confirm(struct request *request, struct response *response)
{
	struct protection_cookie cookie;
	struct op_reply reply;

	TRY(protection_change_factor(request, OP_factor_confirm, request->input, &cookie, &reply));
	TRY(show_codes(request, response, &reply));
	credential_cookie_set(request, response, cookie.secret);
	return ERR_OK;
}

enum err page_factor_codes(struct request *request, struct response *response)
{
	struct protection_cookie none;
	struct op_reply reply;

	TRY(protection_change_factor(request, OP_factor_renew_codes, request->input, &none, &reply));
	return show_codes(request, response, &reply);
}

enum err page_factor_off(struct request *request, struct response *response)
{
	struct protection_cookie cookie;
	struct op_reply reply;

	TRY(protection_change_factor(request, OP_factor_end, request->input, &cookie, &reply));
	credential_cookie_set(request, response, cookie.secret);
	page_done(request, response, "/account/security", PAGE_DONE_TOTP_OFF);
	return ERR_OK;
}
