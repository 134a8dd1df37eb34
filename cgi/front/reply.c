/* Making replies: see reply.h. Called by handlers and by the pipeline. */
#include "front/reply.h"

#include "base/ensure.h"
#include "front/route.h"
#include "front/unsent.h"
#include "http/headers.h"
#include "http/percent.h"
#include "json/field_decode.h"

#include <string.h>

static const char type_json[] = "application/json"; /* no charset: Discord's libraries compare the whole value */
static const char type_page[] = "text/html; charset=utf-8";
static const char type_text[] = "text/plain; charset=utf-8";

void reply_header(struct response *response, const char *name, const char *value)
{
	ensure(response->header_count < RESPONSE_HEADERS_MAX);
	ensure(strpbrk(value, "\r\n") == NULL);
	response->headers[response->header_count++] = (struct response_header){name, value};
}

void reply_json(struct response *response, int status, struct jw *jw)
{
	response->status = status;
	response->content_type = type_json;
	jw_init(jw, response->body);
}

void reply_page(struct response *response, int status)
{
	response->status = status;
	response->content_type = type_page;
}

void reply_text(struct response *response, int status, const char *sentence)
{
	response->status = status;
	response->content_type = type_text;
	buf_puts(response->body, sentence);
	buf_putc(response->body, '\n');
}

void reply_nothing(struct response *response)
{
	response->status = 204;
	response->content_type = NULL;
}

void reply_redirect(struct response *response, const char *location)
{
	ensure(location[0] == '/' && location[1] != '/');
	response->status = 303;
	response->content_type = NULL;
	reply_header(response, "Location", location);
}

void reply_clear(struct response *response)
{
	buf_clear(response->body);
	response->content_type = NULL;
	response->header_count = 0;
}

/* The path of the page to come back to after logging in; a form that was posted cannot be come back to, so whoever
 * has typed something there gets a page that shows it instead. */
static void redirect_to_login(struct request *request, struct response *response)
{
	struct buf *location = buf_in_arena(request->arena);

	buf_puts(location, "/login");
	if (strcmp(request->method, "GET") == 0 && strcmp(request->uri, "/") != 0) {
		buf_puts(location, "?next=");
		percent_encode(location, str_from(request->uri));
	}
	reply_redirect(response, location->p);
}

static bool is_global(const struct request *request)
{
	return request->rate.scope != NULL && strcmp(request->rate.scope, "global") == 0;
}

/* Discord's members of a 429: seconds with a fraction. */
static void put_retry_after(struct request *request, struct jw *jw)
{
	int64_t ms = request->retry_after_ms > 0 ? request->retry_after_ms : 0;
	const char *seconds = arena_printf(request->arena, "%lld.%03d", (long long)(ms / 1000), (int)(ms % 1000));

	jw_raw(jw, "retry_after", seconds, strlen(seconds));
	jw_flag(jw, "global", is_global(request));
}

static void error_json(struct request *request, struct response *response, const struct err_info *info)
{
	struct jw jw;

	reply_json(response, info->status, &jw);
	jw_object(&jw, NULL);
	jw_text(&jw, "message", info->text);
	jw_int(&jw, "code", info->code);
	if (request->op_errors.n > 0)
		jw_raw(&jw, "errors", request->op_errors.p, request->op_errors.n);
	else if (request->errors.count > 0)
		field_errors_to_json(&jw, "errors", &request->errors);
	if (info->status == 429)
		put_retry_after(request, &jw);
	jw_object_end(&jw);
}

static void error_headers(struct request *request, struct response *response, const struct err_info *info)
{
	int64_t seconds = (request->retry_after_ms + 999) / 1000;

	if (info->status == 401 && response->status == 401)
		reply_header(response, "WWW-Authenticate", "Bearer");
	if (info->status == 405 && request->allow != NULL)
		reply_header(response, "Allow", request->allow);
	if (info->status == 429 || info->status == 503)
		reply_header(response, "Retry-After",
			     arena_printf(request->arena, "%lld", seconds > 1 ? (long long)seconds : 1LL));
	if (info->status == 429) {
		reply_header(response, "X-RateLimit-Scope", request->rate.scope != NULL ? request->rate.scope : "user");
		if (is_global(request))
			reply_header(response, "X-RateLimit-Global", "true");
		reply_header(response, "Via",
			     "1.1 snug"); /* without it discord.py takes a 429 for a ban and gives up */
	}
}

void reply_error(struct request *request, struct response *response, enum err why)
{
	const struct err_info *info = err_info(why);

	reply_clear(response);
	response->status = info->status;
	if (request->app->kind == APP_WEB && why == ERR_UNAUTHORIZED && unsent_text(request)[0] == '\0')
		redirect_to_login(request, response);
	else if (request->app->kind == APP_API)
		error_json(request, response, info);
	else if (request->is_refusable && request->route->refused != NULL)
		request->route->refused(request, response, why);
	else if (request->app->error_page != NULL)
		request->app->error_page(request, response, why);
	if (response->status != 303 && response->body->n == 0) {
		reply_clear(response); /* not even the error page could be made */
		reply_text(response, info->status, info->text);
	}
	error_headers(request, response, info);
}
