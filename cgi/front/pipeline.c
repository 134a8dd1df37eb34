/* The fixed order in which every request to snug-web and snug-api is checked and answered. Each step is a row; the
 * first that fails decides the reply. Called by fcgi.c, and by tests with requests of their own.
 *
 * The order is the point: nothing is read of a body before its sender is known and, for a form, proven to be ours; the
 * resource is loaded before the input is decoded, so a form that is shown again never shows what the caller may not
 * see. */
#include "base/clock.h"
#include "base/ensure.h"
#include "base/log.h"
#include "base/utf8.h"
#include "domain/channel/channel.h"
#include "domain/user/user.h"
#include "front/credential.h"
#include "front/cross_origin.h"
#include "front/csrf.h"
#include "front/decode.h"
#include "front/echo.h"
#include "front/file_upload.h"
#include "front/limit.h"
#include "front/names.h"
#include "front/notice.h"
#include "front/reason.h"
#include "front/reply.h"
#include "front/route.h"
#include "front/server_error.h"
#include "http/headers.h"
#include "sql/sql.h"

#include <stdio.h>
#include <string.h>

enum { SLOW_MS = 500 };

struct step {
	const char *name;
	enum err (*run)(struct request *request, struct response *response);
	bool is_refusable; /* a failure here re-shows the route's form */
};

struct str request_param(const struct request *request, const char *name)
{
	return params_find(request->params, name);
}

void request_read_end(struct request *request)
{
	if (request->is_reading)
		sql_read_end(request->db);
	request->is_reading = false;
}

static enum err match(struct request *request, struct response *response)
{
	struct str path, query;

	(void)response;
	str_cut(str_from(request->uri), '?', &path, &query);
	TRY(route_find(request->app, request->arena, request->method, path, &request->route, &request->path,
		       &request->allow));
	if ((request->route->flags & ROUTE_PASSWORD) && !request->app->is_password_pool) {
		if (server_error_status(request) != 0)
			return ERR_BAD_JSON; /* a bare POST, which is told apart by no address; a password has a body */
		log_event(LOG_ERROR, "password_route_in_main_pool", log_text("route", request->route->pattern));
		return ERR_NOT_FOUND;
	}
	return ERR_OK;
}

static enum err database(struct request *request, struct response *response)
{
	struct app *app = request->app;

	(void)response;
	if (request->route->flags & ROUTE_NO_DATABASE)
		return ERR_OK;
	if (app->db == NULL) {
		app->has_new_descriptors = true;
		TRY(sql_open_reader("snug.db", &app->db));
	}
	request->db = app->db;
	session_cache_note(app->sessions);
	TRY(sql_read_begin(request->db));
	request->is_reading = true;
	return ERR_OK;
}

/* Who is asking. A cookie that is no longer valid makes a visitor of a person; a token that is not valid is an error
 * wherever it is shown, because a script that shows one means to use it. */
static enum err session(struct request *request, struct response *response)
{
	struct app *app = request->app;
	const struct credential_source source = {request->db, app->sessions, request->now_ms};
	struct session *found = &request->session;
	enum err e;

	(void)response;
	if (request->route->credential == ROUTE_PUBLIC)
		return ERR_OK;
	if (app->kind == APP_WEB) {
		e = credential_from_cookie(&source, app->is_https, request_param(request, "HTTP_COOKIE"), found);
	} else {
		e = credential_from_authorization(&source, &app->secrets.jwt,
						  request_param(request, "HTTP_AUTHORIZATION"), found);
		request->has_bad_credential = e == ERR_UNAUTHORIZED;
	}
	request->caller.user_id = found->user_id;
	request->caller.session_id = found->id;
	return e == ERR_UNAUTHORIZED ? ERR_OK : e;
}

/* Stands behind session, as limits are of persons and not of what somebody claims, and before anything is refused, so
 * that guessing is limited too. */
static enum err limit(struct request *request, struct response *response)
{
	(void)response;
	return limit_take(request);
}

static enum err entry(struct request *request, struct response *response)
{
	bool is_required = request->route->credential == ROUTE_REQUIRED;

	(void)response;
	if (request->has_bad_credential || (is_required && request->caller.user_id == 0))
		return ERR_UNAUTHORIZED;
	if ((request->route->flags & ROUTE_PERSON) && request->session.kind == SESSION_BOT)
		return ERR_BOT_FORBIDDEN;
	if ((request->route->flags & ROUTE_LOGIN) && request->session.kind == SESSION_TOKEN)
		return ERR_LOGIN_REQUIRED;
	return ERR_OK;
}

static enum err forms(struct request *request, struct response *response)
{
	(void)response;
	return decode_forms(request);
}

/* Every POST to a page, without exception. Snug-api needs none: it takes no cookies, and no other site can make a
 * browser send an Authorization header. */
static enum err csrf(struct request *request, struct response *response)
{
	enum err e;

	struct str boundary;

	(void)response;
	if (request->app->kind != APP_WEB || strcmp(request->method, "GET") == 0 || request->is_head)
		return ERR_OK;
	if (file_upload_is_streamed(request, &boundary))
		return ERR_OK; /* file_upload_read does it: the token is in the body, which is not read yet */
	e = csrf_check(request);
	if (e == ERR_CSRF) {
		log_event(LOG_WARN, "cross_site_post_refused", log_text("request", request->id),
			  log_text("route", request->route->pattern), log_text("address", request->address),
			  log_text("origin", request_param(request, "HTTP_ORIGIN").p),
			  log_text("fetch_site", request_param(request, "HTTP_SEC_FETCH_SITE").p),
			  log_text("public_url", request->app->public_url));
		notice_security(request, SECURITY_CROSS_SITE_POST_REFUSED, request->caller.user_id,
				request->route->pattern);
	}
	return e;
}

static enum err load_guild(struct request *request)
{
	return perm_of_guild(request->db, request->arena, request->path.guild_id, request->caller.user_id,
			     &request->permissions);
}

static enum err load_channel(struct request *request)
{
	struct channel channel;

	TRY(perm_of_channel(request->db, request->arena, request->path.channel_id, request->caller.user_id,
			    &request->permissions));
	/* The API's addresses leave the workspace out; a page's without one, below @me, are of direct messages and
	 * groups. */
	if (request->path.guild_id == 0 && request->app->kind == APP_API)
		return ERR_OK;
	TRY(channel_find(request->db, request->arena, request->path.channel_id, &channel));
	return channel.guild_id == request->path.guild_id ? ERR_OK : ERR_UNKNOWN_CHANNEL;
}

/* Whether the store alone decides: it looks at permission again for every op, and where a request is nothing but an op
 * the reads here would only cost twice. What brings files is looked at first, so that none of somebody who may not send
 * one is kept. */
static bool store_decides(const struct request *request)
{
	struct str boundary;

	return (request->route->flags & ROUTE_STORE_DECIDES) && !file_upload_is_streamed(request, &boundary);
}

/* The courtesy: apply checks the same again, and that is the law. */
static enum err load(struct request *request, struct response *response)
{
	const struct route *route = request->route;
	bool is_admin;

	(void)response;
	if (route->flags & ROUTE_ADMIN) {
		TRY(user_is_admin(request->db, request->caller.user_id, &is_admin));
		if (!is_admin)
			return ERR_MISSING_PERMISSIONS;
	}
	if (route->loads == ROUTE_NOTHING || store_decides(request))
		return ERR_OK;
	TRY(route->loads == ROUTE_GUILD ? load_guild(request) : load_channel(request));
	return perm_has(request->permissions, route->permissions) ? ERR_OK : ERR_MISSING_PERMISSIONS;
}

/* Stands behind load, so that no file of somebody who may not send one is kept. */
static enum err upload(struct request *request, struct response *response)
{
	(void)response;
	return file_upload_read(request);
}

static enum err reason(struct request *request, struct response *response)
{
	(void)response;
	return reason_read(request);
}

static enum err decode(struct request *request, struct response *response)
{
	(void)response;
	TRY(decode_input(request));
	TRY(echo_take_limit(request));
	return names_settle(request);
}

static enum err handler(struct request *request, struct response *response)
{
	return request->route->handler(request, response);
}

static const struct step steps[] = {
    {"match", match, false},  {"database", database, false}, {"session", session, false}, {"limit", limit, false},
    {"entry", entry, false},  {"forms", forms, false},       {"csrf", csrf, false},       {"load", load, false},
    {"upload", upload, true}, {"reason", reason, true},      {"decode", decode, true},    {"handler", handler, true},
};

/* The user agent, for the list of sessions: what is not clean text is nobody's device. */
static const char *device_of(struct request *request)
{
	struct str agent = request_param(request, "HTTP_USER_AGENT");

	if (agent.n == 0 || agent.n > REQUEST_DEVICE_MAX || !utf8_is_valid(agent.p, agent.n) ||
	    utf8_has_control(agent.p, agent.n, false))
		return "";
	return arena_strndup(request->arena, agent.p, agent.n);
}

static bool is_visible_ascii(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] <= ' ' || text.p[i] > '~')
			return false;
	}
	return text.n > 0;
}

static enum err begin(struct request *request, const struct front_arrival *arrival)
{
	struct str uri = request_param(request, "REQUEST_URI");
	struct str method = request_param(request, "REQUEST_METHOD");
	struct str address = request_param(request, "REMOTE_ADDR");

	request->method = method.n > 0 ? arena_strndup(request->arena, method.p, method.n) : "GET";
	request->is_head = strcmp(request->method, "HEAD") == 0;
	request->uri = is_visible_ascii(uri) ? arena_strndup(request->arena, uri.p, uri.n) : "/";
	request->address = arena_strndup(request->arena, address.p, address.n);
	request->caller.address = request->address[0] != '\0' ? request->address : NULL;
	request->device = device_of(request);
	request->body = arrival->body;
	request->source = arrival->source;
	if (arrival->error != ERR_OK)
		return arrival->error;
	return is_visible_ascii(uri) && uri.p[0] == '/' ? ERR_OK : ERR_BAD_REQUEST;
}

static enum err run_steps(struct request *request, struct response *response)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		request->is_refusable = steps[i].is_refusable;
		TRY(steps[i].run(request, response));
	}
	return ERR_OK;
}

/* What lighttpd hands on, questions by OPTIONS, and everything else. */
static enum err answer(struct request *request, struct response *response, enum err arrived)
{
	int status = server_error_status(request);

	if (status != 0 && !server_error_is_bare_post(request, status)) {
		server_error_reply(request, response, status);
		return ERR_OK;
	}
	if (status != 0)
		request->method = "POST";
	TRY(arrived);
	if (cross_origin_is_question(request))
		return cross_origin_answer(request, response);
	return run_steps(request, response);
}

/* The pattern of the route and not the path, which may hold an invite's code. */
static void log_request(const struct request *request, const struct response *response, enum err e)
{
	int64_t ms = clock_monotonic_ms() - request->started_at_ms;
	bool is_notable = response->status >= 500 || ms > SLOW_MS;

	log_event(is_notable ? LOG_WARN : LOG_DEBUG, "request", log_text("request", request->id),
		  log_text("method", request->method),
		  log_text("route", request->route != NULL ? request->route->pattern : ""),
		  log_number("status", response->status), log_text("err", err_info(e)->name), log_number("ms", ms),
		  log_number("user_id", request->caller.user_id));
}

/* Addresses of files stand in the database as markers. Pages expand them on their own (page/page.c). */
static void expand_addresses(struct request *request, struct response *response)
{
	struct buf *body = response->body, *expanded;

	if (request->app->kind != APP_API || !file_url_is_in(body->p, body->n))
		return;
	expanded = buf_in_arena(request->arena);
	file_url_expand(&request->app->urls, request->now_ms, body->p, body->n, expanded);
	buf_clear(body);
	buf_put(body, expanded->p, expanded->n);
}

static void end(struct request *request, enum err e)
{
	struct app *app = request->app;

	request_read_end(request);
	file_upload_release(request);
	notice_session(request);
	ensure(app->db == NULL || sql_is_idle(app->db));
	if (e == ERR_DATABASE_UNAVAILABLE && app->db != NULL) {
		sql_close(app->db); /* the next request opens what is there then */
		app->db = NULL;
		app->has_new_descriptors = true;
	}
}

void front_answer(struct app *app, struct arena *arena, const struct front_arrival *arrival, struct response *response)
{
	struct request *request = arena_alloc(arena, sizeof(*request));
	int store_before = app->store.fd;
	enum err e;

	request->app = app;
	request->arena = arena;
	request->params = arrival->params;
	request->id = arena_printf(arena, "%08x%08x", (unsigned)app->instance, (unsigned)app->request_count++);
	request->now_ms = clock_now_ms();
	request->started_at_ms = clock_monotonic_ms();
	response->status = 200;
	response->files_from = app->files_from;
	response->header_scopes = (app->kind == APP_WEB ? HEADER_PAGE : HEADER_DATA) | HEADER_PRIVATE |
				  (app->is_https ? (unsigned)HEADER_HTTPS : 0);
	e = answer(request, response, begin(request, arrival));
	if (e != ERR_OK)
		reply_error(request, response, e);
	expand_addresses(request, response);
	limit_headers(request, response);
	cross_origin_headers(request, response);
	reply_header(response, "X-Request-Id", request->id);
	end(request, e);
	app->has_new_descriptors |= app->store.fd != store_before;
	log_request(request, response, e);
}
