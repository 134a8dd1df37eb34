/* FastCGI by libfcgi: see fcgi.h. lighttpd opens one connection a request and buffers the whole body before it does, so
 * reading is quick; a peer that stalls all the same is ended by the pool's alarm.
 *
 * Invariant of a child: between two requests it has as many descriptors as before, unless a connection to the database
 * or the store was made or lost (checked under AddressSanitizer). */
#include "front/fcgi.h"

#include "base/ensure.h"
#include "front/upload.h"
#include "http/chars.h"
#include "http/headers.h"

#include <dirent.h>
#include <fcgiapp.h>
#include <stdlib.h>
#include <string.h>

enum { READ_BYTES = 16 * 1024, KEPT_BYTES = 256 * 1024 };

/* What a child keeps from request to request. */
struct child {
	struct app *app;
	struct arena arena;
	struct params params;
	struct buf body;           /* of the request */
	struct buf reply;          /* its body */
	struct buf text;           /* head and body as they are sent */
	struct body_source source; /* of a body that is read in pieces */
	int descriptors;           /* open after the latest request; -1: not counted yet */
};

static int descriptor_count(void)
{
#ifdef __SANITIZE_ADDRESS__
	DIR *folder = opendir("/proc/self/fd");
	int count = 0;

	if (folder == NULL)
		return 0;
	while (readdir(folder) != NULL)
		count++;
	closedir(folder);
	return count;
#else
	return 0;
#endif
}

/* CONTENT_LENGTH as a number; SIZE_MAX when it is none. lighttpd checks it, so a bad one did not come from lighttpd. */
static size_t content_length(const struct params *params)
{
	struct str text = params_find(params, "CONTENT_LENGTH");
	size_t length = 0;

	if (text.n > 15)
		return SIZE_MAX;
	for (size_t i = 0; i < text.n; i++) {
		if (!chars_is_digit(text.p[i]))
			return SIZE_MAX;
		length = length * 10 + (size_t)(text.p[i] - '0');
	}
	return length;
}

static size_t piece_read(struct body_source *source, char *out, size_t room)
{
	size_t wanted = source->left < room ? source->left : room;
	int got = FCGX_GetStr(out, (int)wanted, source->context);

	if (got <= 0)
		return 0;
	source->left -= (size_t)got;
	return (size_t)got;
}

static bool is_multipart(const struct params *params)
{
	struct str type = params_find(params, "CONTENT_TYPE"), kind = STR("multipart/");

	return type.n >= kind.n && str_eq_nocase((struct str){type.p, kind.n}, kind);
}

/* Reads the body, or leaves it to whoever works on it (arrival->source). */
static enum err body_read(struct child *child, FCGX_Stream *in, struct front_arrival *arrival)
{
	size_t left = content_length(&child->params);
	struct buf *body = &child->body;
	struct upload_plan plan = {.body_max = FRONT_BODY_MAX};

	if (left == SIZE_MAX)
		return ERR_BAD_REQUEST;
	if (left > FRONT_BODY_MAX || is_multipart(&child->params))
		upload_plan(child->app, &child->arena, &child->params, &plan);
	if (left > plan.body_max)
		return ERR_TOO_LARGE;
	if (plan.is_streamed) {
		child->source = (struct body_source){.read = piece_read, .context = in, .left = left};
		arrival->source = &child->source;
		return ERR_OK;
	}
	while (left > 0) {
		int wanted = left < READ_BYTES ? (int)left : READ_BYTES;
		int got;

		buf_reserve(body, (size_t)wanted);
		got = FCGX_GetStr(body->p + body->n, wanted, in);
		if (got <= 0)
			return ERR_BAD_REQUEST; /* the client went away in the middle */
		body->n += (size_t)got;
		body->p[body->n] = '\0';
		left -= (size_t)got;
	}
	return ERR_OK;
}

void fcgi_write_reply(struct buf *out, const struct response *response, bool is_head)
{
	buf_printf(out, "Status: %d\r\n", response->status);
	if (response->content_type != NULL) {
		buf_puts(out, "Content-Type: ");
		buf_puts(out, response->content_type);
		buf_puts(out, "\r\n");
	}
	if (response->status != 204)
		buf_printf(out, "Content-Length: %zu\r\n", response->body->n);
	for (size_t i = 0; i < response->header_count; i++) {
		buf_puts(out, response->headers[i].name);
		buf_puts(out, ": ");
		buf_puts(out, response->headers[i].value);
		buf_puts(out, "\r\n");
	}
	headers_put_with(out, response->header_scopes, response->files_from);
	buf_puts(out, "\r\n");
	if (!is_head && response->status != 204)
		buf_put(out, response->body->p, response->body->n);
}

/* A page can be a hundred times as long as the usual reply; what it needed is not kept for ever. */
static void buf_recycle(struct buf *buf)
{
	if (buf->cap > KEPT_BYTES)
		buf_free(buf);
	else
		buf_clear(buf);
}

/* libfcgi ends a connection by waiting until the other side has ended it too, so that nothing unread makes the kernel
 * take the reply back. Where all that was sent has been read there is nothing to wait for. */
static void finish(FCGX_Request *fcgx, bool is_read)
{
	fcgx->detached = is_read && FCGX_GetChar(fcgx->in) == EOF;
	FCGX_Finish_r(fcgx);
}

/* What nobody wanted to know is read all the same: lighttpd holds the whole body, and takes a reply that comes before
 * it has sent all for the end of a program that died. */
static void body_drain(struct body_source *source)
{
	char piece[READ_BYTES];

	while (source->left > 0 && source->read(source, piece, sizeof(piece)) > 0)
		;
}

static void serve_one(struct child *child, FCGX_Request *fcgx)
{
	struct front_arrival arrival = {.params = &child->params};
	struct response response = {.body = &child->reply};
	bool is_head;

	arrival.error = params_read(fcgx->envp, &child->params);
	if (arrival.error == ERR_OK)
		arrival.error = body_read(child, fcgx->in, &arrival);
	arrival.body = (struct str){child->body.p, child->body.n};
	front_answer(child->app, &child->arena, &arrival, &response);
	is_head = str_eq(params_find(&child->params, "REQUEST_METHOD"), STR("HEAD"));
	fcgi_write_reply(&child->text, &response, is_head);
	if (arrival.source != NULL)
		body_drain(arrival.source);
	FCGX_PutStr(child->text.p, (int)child->text.n, fcgx->out);
	finish(fcgx, arrival.error == ERR_OK && (arrival.source == NULL || arrival.source->left == 0));

	arena_reset(&child->arena);
	buf_recycle(&child->body);
	buf_recycle(&child->reply);
	buf_recycle(&child->text);
}

static void check_descriptors(struct child *child)
{
	int count = descriptor_count();

	ensure(child->descriptors < 0 || child->descriptors == count || child->app->has_new_descriptors);
	child->descriptors = count;
	child->app->has_new_descriptors = false;
}

void fcgi_serve(struct app *app, int listen_fd, struct pool_slot *slot)
{
	struct child *child = ensure_calloc(1, sizeof(*child));
	FCGX_Request fcgx;

	child->app = app;
	child->descriptors = -1;
	arena_init(&child->arena);
	buf_init(&child->body);
	buf_init(&child->reply);
	buf_init(&child->text);
	ensure(FCGX_Init() == 0 && FCGX_InitRequest(&fcgx, listen_fd, FCGI_FAIL_ACCEPT_ON_INTR) == 0);
	while (pool_wait(slot)) {
		if (FCGX_Accept_r(&fcgx) != 0)
			continue; /* another child was quicker, or the peer spoke no FastCGI */
		serve_one(child, &fcgx);
		check_descriptors(child);
	}
	FCGX_Free(&fcgx, 1);
	buf_free(&child->text);
	buf_free(&child->reply);
	buf_free(&child->body);
	arena_free(&child->arena);
	free(child);
}
