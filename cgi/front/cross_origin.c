/* The API as pages of other sites see it: see cross_origin.h. Called by the pipeline. What the headers say is
 * http/cors.c. */
#include "front/cross_origin.h"

#include "front/reply.h"
#include "front/route.h"
#include "http/cors.h"

#include <string.h>

/* Health, and errors of pages that snug-api tells for lighttpd, are nobody else's. */
static bool is_api(const struct request *request)
{
	return request->app->kind == APP_API && strncmp(request->uri, "/api/", 5) == 0;
}

static bool is_options(const struct request *request)
{
	return strcmp(request->method, "OPTIONS") == 0;
}

bool cross_origin_is_question(const struct request *request)
{
	return is_api(request) && is_options(request);
}

enum err cross_origin_answer(struct request *request, struct response *response)
{
	const char *allow;
	struct str path, query;
	enum err e;

	str_cut(str_from(request->uri), '?', &path, &query);
	e = route_find(request->app, request->arena, request->method, path, &request->route, &request->path, &allow);
	if (e != ERR_METHOD_NOT_ALLOWED)
		return e == ERR_OK ? ERR_NOT_FOUND : e;
	request->allow = arena_printf(request->arena, "%s, OPTIONS", allow);
	reply_nothing(response);
	reply_header(response, "Allow", request->allow);
	return ERR_OK;
}

void cross_origin_headers(struct request *request, struct response *response)
{
	const struct app *app = request->app;
	struct cors_header headers[CORS_HEADERS_MAX];
	struct str origin = request_param(request, "HTTP_ORIGIN");
	size_t n;

	if (!is_api(request) || app->cors == NULL)
		return;
	if (is_options(request) && request->allow != NULL)
		n = cors_preflight_headers(app->cors, origin, request->allow, headers);
	else
		n = cors_headers(app->cors, origin, headers);
	for (size_t i = 0; i < n; i++)
		reply_header(response, headers[i].name, headers[i].value);
}
