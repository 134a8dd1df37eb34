/* Errors that lighttpd finds: see server_error.h. Called by the pipeline; lighttpd sends them to snug-api alone. */
#include "front/server_error.h"

#include "front/reply.h"
#include "http/chars.h"
#include "http/headers.h"
#include "http/status.h"

#include <string.h>

enum { OK = 200, NOT_FOUND = 404, LENGTH_REQUIRED = 411, INTERNAL = 500 };

static const char retry_after_s[] = "2";

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

int server_error_status(const struct request *request)
{
	struct str text = request_param(request, "REDIRECT_STATUS");
	int status = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (!chars_is_digit(text.p[i]) || i == 3)
			return INTERNAL;
		status = status * 10 + (text.p[i] - '0');
	}
	if (status != 0 && status != OK)
		return status;
	return starts_with(request->uri, "/error/") ? NOT_FOUND : 0;
}

bool server_error_is_bare_post(const struct request *request, int status)
{
	return status == LENGTH_REQUIRED && starts_with(request->uri, "/api/");
}

/* Of a head that was too long or no HTTP at all lighttpd knows no path. Nearly always a program sent it, and a person
 * can read the short JSON too. */
static bool wants_json(const struct request *request)
{
	return request_param(request, "REQUEST_URI").n == 0 || starts_with(request->uri, "/api/") ||
	       starts_with(request->uri, "/health/") || strcmp(request->uri, "/live") == 0 ||
	       starts_with(request->uri, "/live?");
}

static void reply_data(struct request *request, struct response *response, const struct status_row *row)
{
	struct jw jw;

	reply_json(response, row->status, &jw);
	jw_object(&jw, NULL);
	jw_text(&jw, "message",
		row->code != 0 ? row->text : arena_printf(request->arena, "%d: %s", row->status, row->text));
	jw_int(&jw, "code", row->code);
	jw_object_end(&jw);
}

/* The document is lighttpd's to send; the text is for when it cannot. */
static void reply_document(struct request *request, struct response *response, const struct status_row *row)
{
	reply_page(response, row->status);
	response->header_scopes = (response->header_scopes & ~(unsigned)HEADER_DATA) | HEADER_PAGE;
	reply_header(response, "X-Sendfile",
		     arena_printf(request->arena, "/proc/self/cwd/errors/page-%d.html", row->status));
}

void server_error_reply(struct request *request, struct response *response, int status)
{
	const struct status_row *row = status_find(status);

	if (wants_json(request))
		reply_data(request, response, row);
	else
		reply_document(request, response, row);
	if (row->is_retryable)
		reply_header(response, "Retry-After", retry_after_s);
}
