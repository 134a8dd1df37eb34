/* What snug-live says besides events. Every reply closes its connection. */
#include "live/answer.h"

#include "http/headers.h"
#include "live/live.h"
#include "json/field_decode.h"
#include "json/jw.h"

#include <string.h>
#include <sys/socket.h>

static const char methods[] = "GET, HEAD, OPTIONS"; /* of /api/v1/events */

static const char *reason_of(int status)
{
	switch (status) {
	case 400:
		return "Bad Request";
	case 401:
		return "Unauthorized";
	case 403:
		return "Forbidden";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 429:
		return "Too Many Requests";
	case 431:
		return "Request Header Fields Too Large";
	case 503:
		return "Service Unavailable";
	default:
		return "Internal Server Error";
	}
}

static void put_safety(const struct live *live, struct buf *out)
{
	unsigned scopes = HEADER_DATA | HEADER_PRIVATE;
	headers_put(out, live->options->is_https ? scopes | HEADER_HTTPS : scopes);
	buf_puts(out, "Connection: close\r\n");
}

static void put_cors(struct buf *out, const struct cors_header *headers, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "%s: %s\r\n", headers[i].name, headers[i].value);
}

static struct str origin_of(const struct connection *connection)
{
	return connection->origin != NULL ? str_from(connection->origin) : (struct str){NULL, 0};
}

static void put_common(const struct connection *connection, struct buf *out)
{
	const struct live *live = connection->live;
	struct cors_header headers[CORS_HEADERS_MAX];
	put_safety(live, out);
	if (connection->is_api)
		put_cors(out, headers, cors_headers(&live->options->cors, origin_of(connection), headers));
}

void answer_stream_head(const struct connection *connection, struct buf *out, const char *content_type, bool is_chunked)
{
	buf_printf(out, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\n", content_type);
	buf_puts(out, "X-Accel-Buffering: no\r\n"); /* an nginx in front is to pass each event on at once */
	put_common(connection, out);
	if (is_chunked)
		buf_puts(out, "Transfer-Encoding: chunked\r\n");
	buf_puts(out, "\r\n");
}

void answer_head_only(struct connection *connection, const char *content_type)
{
	struct buf out;
	buf_init(&out);
	answer_stream_head(connection, &out, content_type, false);
	connection_send_bytes(connection, out.p, out.n);
	buf_free(&out);
	connection_finish(connection);
}

static void put_error_body(struct buf *out, enum err why, const struct field_errors *errors)
{
	const struct err_info *info = err_info(why);
	struct jw jw;
	jw_init(&jw, out);
	jw_object(&jw, NULL);
	jw_int(&jw, "code", info->code);
	jw_text(&jw, "message", info->text);
	if (errors != NULL && errors->count > 0)
		field_errors_to_json(&jw, "errors", errors);
	if (why == ERR_RATE_LIMITED) {
		jw_int(&jw, "retry_after", ANSWER_RETRY_AFTER_S);
		jw_flag(&jw, "global", false);
	}
	jw_object_end(&jw);
}

void answer_error(struct connection *connection, enum err why, const struct field_errors *errors)
{
	const struct err_info *info = err_info(why);
	struct buf head, body;
	buf_init(&head);
	buf_init(&body);
	put_error_body(&body, why, errors);
	buf_printf(&head, "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n", info->status,
		   reason_of(info->status), body.n);
	put_common(connection, &head);
	if (info->retryable)
		buf_printf(&head, "Retry-After: %d\r\n", ANSWER_RETRY_AFTER_S);
	if (why == ERR_RATE_LIMITED)
		buf_puts(&head, "Via: 1.1 snug\r\n"); /* without it discord.py takes a 429 for a ban */
	if (info->status == 401)
		buf_puts(&head, "WWW-Authenticate: Bearer\r\n");
	if (info->status == 405)
		buf_printf(&head, "Allow: %s\r\n", connection->is_api ? methods : "GET, HEAD");
	buf_puts(&head, "\r\n");
	if (!connection->is_head)
		buf_put(&head, body.p, body.n);
	connection_send_bytes(connection, head.p, head.n);
	buf_free(&head);
	buf_free(&body);
	connection_finish(connection);
}

void answer_preflight(struct connection *connection)
{
	const struct live *live = connection->live;
	struct cors_header headers[CORS_HEADERS_MAX];
	struct buf out;
	buf_init(&out);
	buf_printf(&out, "HTTP/1.1 204 No Content\r\nAllow: %s\r\n", methods);
	put_safety(live, &out);
	put_cors(&out, headers, cors_preflight_headers(&live->options->cors, origin_of(connection), methods, headers));
	buf_puts(&out, "\r\n");
	connection_send_bytes(connection, out.p, out.n);
	buf_free(&out);
	connection_finish(connection);
}

void answer_overloaded(const struct live *live, int fd)
{
	struct buf out;
	buf_init(&out);
	buf_printf(&out, "HTTP/1.1 503 Service Unavailable\r\nRetry-After: %d\r\nContent-Length: 0\r\n",
		   ANSWER_RETRY_AFTER_S);
	put_safety(live, &out);
	buf_puts(&out, "\r\n");
	(void)send(fd, out.p, out.n, MSG_NOSIGNAL | MSG_DONTWAIT);
	buf_free(&out);
}
