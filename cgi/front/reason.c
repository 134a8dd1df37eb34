/* Reading the reason of a change: see reason.h. A step of the pipeline; the store checks the length once more. */
#include "front/reason.h"

#include "base/utf8.h"
#include "domain/audit/audit.h"
#include "http/percent.h"

#include <stdio.h>

static enum err refuse(struct request *request, const char *code, const char *message)
{
	field_errors_add(&request->errors, "reason", code, message);
	return ERR_INVALID_FORM;
}

/* Empty when nothing was said. A form's fields are decoded already. */
static enum err said(struct request *request, struct str *text)
{
	if (request->app->kind == APP_WEB) {
		*text = str_from(form_find(&request->form, "reason"));
		return ERR_OK;
	}
	*text = request_param(request, "HTTP_X_AUDIT_LOG_REASON");
	if (percent_decode(request->arena, *text, 0, text) != ERR_OK)
		return refuse(request, "STRING_TYPE_CONVERT", "Must be percent-encoded UTF-8.");
	return ERR_OK;
}

enum err reason_read(struct request *request)
{
	struct str text;
	char message[48];

	TRY(said(request, &text));
	utf8_trim(&text.p, &text.n);
	if (text.n == 0)
		return ERR_OK;
	if (utf8_has_control(text.p, text.n, false))
		return refuse(request, "STRING_TYPE_CONTROL", "Must not hold control characters.");
	if (utf8_count(text.p, text.n) > AUDIT_REASON_MAX) {
		(void)snprintf(message, sizeof(message), "Must be %d or fewer in length.", AUDIT_REASON_MAX);
		return refuse(request, "BASE_TYPE_MAX_LENGTH", message);
	}
	request->caller.reason = arena_strndup(request->arena, text.p, text.n);
	return ERR_OK;
}
