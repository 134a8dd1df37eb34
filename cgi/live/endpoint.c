/* Requests: GET /api/v1/events (and v9, v10, none) for programs, with an Authorization header; GET /live for pages,
 * with the session cookie. A credential never stands in the address. */
#include "live/endpoint.h"

#include "base/clock.h"
#include "base/log.h"
#include "domain/channel/channel.h"
#include "front/credential.h"
#include "front/csrf.h"
#include "http/accept.h"
#include "live/answer.h"
#include "live/live.h"
#include "live/log_reader.h"
#include "live/page.h"
#include "live/poll.h"
#include "live/sse.h"

/* One request while it is being looked at. */
struct call {
	struct live *live;
	struct connection *connection;
	const struct request_head *head;
	bool is_page;
	struct session session;
	struct live_query query;
	struct field_errors errors;
	struct event_range range;
};

static enum err find_endpoint(struct call *call)
{
	static const char *const events[] = {"/api/v1/events", "/api/v9/events", "/api/v10/events", "/api/events"};
	struct str path = call->head->path;
	call->is_page = str_eq_text(path, "/live");
	bool is_known = call->is_page;
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		is_known = is_known || str_eq_text(path, events[i]);
	if (!is_known)
		return ERR_NOT_FOUND;
	call->connection->is_api = !call->is_page;
	if (call->connection->is_api)
		call->connection->origin =
		    cors_find(&call->live->options->cors, request_head_header(call->head, "Origin"));
	return call->connection->is_head || str_eq_text(call->head->method, "GET") ? ERR_OK : ERR_METHOD_NOT_ALLOWED;
}

static enum err check_capacity(const struct call *call)
{
	if (call->live->is_stopping || listener_is_full(&call->live->listener))
		return ERR_OVERLOADED;
	return database_is_open(&call->live->database) ? ERR_OK : ERR_DATABASE_UNAVAILABLE;
}

/* A cookie goes along with whatever a browser requests, so pages of other sites must not open a stream with it. */
static bool is_from_our_site(const struct call *call)
{
	const struct app site = {.public_origin = call->live->options->public_origin};
	return csrf_origin_is_ours(&site, request_head_header(call->head, "Origin"),
				   request_head_header(call->head, "Sec-Fetch-Site"),
				   request_head_header(call->head, "Host"));
}

static enum err find_caller(struct call *call)
{
	struct database *database = &call->live->database;
	const struct live_options *options = call->live->options;
	const struct credential_source source = {database->sql, NULL, clock_now_ms()};
	enum err err;
	if (call->is_page && !is_from_our_site(call))
		return ERR_CSRF;
	if (call->is_page)
		err = credential_from_cookie(&source, options->is_https, request_head_header(call->head, "Cookie"),
					     &call->session);
	else
		err = credential_from_authorization(&source, &options->keys,
						    request_head_header(call->head, "Authorization"), &call->session);
	TRY(database_check(database, err));
	return call->session.id == 0 ? ERR_UNAUTHORIZED : ERR_OK;
}

static enum err read_query(struct call *call)
{
	TRY(live_query_parse(&call->live->arena, call->head->query, request_head_header(call->head, "Last-Event-ID"),
			     &call->query, &call->errors));
	if (!call->is_page || call->query.channel_id != 0)
		return ERR_OK;
	field_errors_add(&call->errors, "channel", "BASE_TYPE_REQUIRED", "This field is required");
	return ERR_INVALID_FORM;
}

/* What one may not see does not exist. A channel that was deleted can still be resumed, for its last events. */
static enum err check_channel(struct call *call)
{
	struct database *database = &call->live->database;
	struct channel channel;
	bool sees, is_deleted;
	if (call->query.channel_id == 0)
		return ERR_OK;
	TRY(database_check(database,
			   channel_find_any(database->sql, &call->live->arena, call->query.channel_id, &channel)));
	TRY(database_check(database, perm_sees_channel(database->sql, &call->live->arena, channel.id,
						       call->session.user_id, &sees, &is_deleted)));
	return sees && (!is_deleted || call->query.has_after) ? ERR_OK : ERR_UNKNOWN_CHANNEL;
}

static enum err check_share(const struct call *call)
{
	const struct viewer *viewer = viewers_find(&call->live->viewers, call->session.user_id);
	return viewer != NULL && viewer->holders >= SUBSCRIBERS_PER_USER_MAX ? ERR_RATE_LIMITED : ERR_OK;
}

static bool is_preflight(const struct call *call)
{
	return call->connection->is_api && str_eq_text(call->head->method, "OPTIONS");
}

static enum err check(struct call *call)
{
	TRY(find_endpoint(call));
	TRY(check_capacity(call));
	TRY(find_caller(call));
	TRY(read_query(call));
	TRY(check_channel(call));
	TRY(check_share(call));
	return log_reader_range(&call->live->database, &call->range);
}

static const struct transport *transport_of(const struct call *call)
{
	if (call->is_page)
		return &page_transport;
	struct str accept = request_head_header(call->head, "Accept");
	bool wants_stream = accept_names(accept, "text/event-stream") ||
			    (call->query.resumes_stream && !accept_names(accept, "application/json"));
	return wants_stream ? &sse_transport : &poll_transport;
}

static void open_stream(const struct call *call)
{
	const struct subscription subscription = {
	    .transport = transport_of(call),
	    .user_id = call->session.user_id,
	    .session_id = call->session.id,
	    .query = &call->query,
	    .range = call->range,
	};
	if (call->connection->is_head)
		answer_head_only(call->connection, subscription.transport->content_type);
	else
		subscriber_open(call->connection, &subscription);
}

/* A page of another site that tried to use somebody's cookie is a security event; the rest is for who looks closely. */
static void log_call(const struct call *call, enum err err)
{
	log_event(err == ERR_CSRF ? LOG_WARN : LOG_DEBUG, err == ERR_CSRF ? "cross_site_stream_refused" : "request",
		  log_text("endpoint", call->is_page ? "live" : "events"), log_text("err", err_info(err)->name),
		  log_number("user_id", call->session.user_id));
}

void endpoint_take(struct connection *connection, const struct request_head *head)
{
	struct call call = {.live = connection->live, .connection = connection, .head = head};
	connection->is_head = str_eq_text(head->method, "HEAD");
	enum err err = check(&call);
	log_call(&call, err);
	if (is_preflight(&call))
		answer_preflight(connection);
	else if (err == ERR_OK)
		open_stream(&call);
	else
		answer_error(connection, err, &call.errors);
	arena_reset(&connection->live->arena);
}
