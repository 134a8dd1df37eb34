/* FastCGI parameters and a body through the whole pipeline, with routes that need no database: the lines of the input
 * before the first empty one are parameters, the rest is the body. Whatever comes, there is one whole reply: a known
 * status, headers without a line break of the client's making, and the body's length. An input that is accepted obeys
 * its field table, and what decode_undo writes of it decodes to the same. */
#include "base/ensure.h"
#include "base/log.h"
#include "base/utf8.h"
#include "crypto/secret.h"
#include "front/decode.h"
#include "front/fcgi.h"
#include "front/reply.h"
#include "front/route.h"
#include "json/field_decode.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 20, LINES_MAX = 64 };

struct fuzz_input {
	struct field_set set;
	int64_t channel_id, number;
	const char *text, *nonce;
	uint64_t bits;
	json_t *json;
	bool flag;
};

static const struct field fuzz_fields[] = {
    {.name = "channel_id", .type = FIELD_ID, .offset = offsetof(struct fuzz_input, channel_id)},
    {.name = "number", .type = FIELD_INT, .min = -5, .max = 5, .offset = offsetof(struct fuzz_input, number)},
    {.name = "text",
     .alias = "t",
     .type = FIELD_TEXT,
     .flags = FIELD_TRIM | FIELD_MULTILINE,
     .max = TEXT_MAX,
     .offset = offsetof(struct fuzz_input, text)},
    {.name = "nonce", .type = FIELD_NONCE, .max = TEXT_MAX, .offset = offsetof(struct fuzz_input, nonce)},
    {.name = "bits", .type = FIELD_BITS, .offset = offsetof(struct fuzz_input, bits)},
    {.name = "json", .type = FIELD_JSON, .offset = offsetof(struct fuzz_input, json)},
    {.name = "flag", .type = FIELD_FLAG, .offset = offsetof(struct fuzz_input, flag)},
    {0}};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum err take(struct request *request, struct response *response)
{
	const struct fuzz_input *input = request->input;
	struct fuzz_input *again = arena_alloc(request->arena, sizeof(*again));
	struct buf *text = buf_in_arena(request->arena);
	struct field_errors errors;
	struct view *object;
	struct jw jw;

	ensure(input->number >= -5 && input->number <= 5);
	ensure(input->text == NULL || utf8_count(input->text, strlen(input->text)) <= TEXT_MAX);
	ensure(request->path.channel_id == 0 || input->channel_id == request->path.channel_id);
	reply_json(response, 200, &jw);
	jw_object(&jw, NULL);
	decode_undo(request->arena, fuzz_fields, input, &jw);
	jw_object_end(&jw);
	buf_put(text, response->body->p, response->body->n);
	ensure(view_parse_peer(request->arena, text->p, text->n, &object) == ERR_OK);
	ensure(field_decode(request->arena, fuzz_fields, object, false, again, &errors) == ERR_OK);
	ensure(again->set.given == input->set.given && again->set.nulled == input->set.nulled);
	ensure(again->number == input->number && again->bits == input->bits && again->flag == input->flag);
	ensure(str_eq(str_from(again->text), str_from(input->text)));
	ensure(str_eq(str_from(again->nonce), str_from(input->nonce)));
	return ERR_OK;
}

#define OPEN .credential = ROUTE_PUBLIC, .flags = ROUTE_NO_DATABASE

static const struct route rows[] = {
    {"GET", "/api/v1/c/{channel}", take, OPEN, ROUTE_INPUT(fuzz)},
    {"POST", "/api/v1/c/{channel}", take, OPEN, ROUTE_INPUT(fuzz)},
    {"POST", "/invite/{code}", take, OPEN, ROUTE_INPUT(fuzz)},
};

/* Cuts the lines off, in place. */
static char *parameters_cut(char *text, char **environment)
{
	for (size_t i = 0; i < LINES_MAX; i++) {
		char *end = strchr(text, '\n');

		environment[i] = NULL;
		if (end == NULL || end == text)
			return end == NULL ? text : end + 1;
		*end = '\0';
		environment[i] = text;
		text = end + 1;
	}
	return text;
}

static void check_reply(const struct buf *text, const struct response *response)
{
	const char *head_end = strstr(text->p, "\r\n\r\n");
	struct str head;

	ensure(response->status == 200 || response->status == 204 || (response->status >= 400 && response->status <= 503));
	ensure(head_end != NULL);
	head = (struct str){text->p, (size_t)(head_end - text->p)};
	for (size_t i = 0; i < head.n; i++)
		ensure(head.p[i] != '\0' && (head.p[i] != '\n' || head.p[i - 1] == '\r'));
	ensure(text->n - head.n - 4 == response->body->n);
	ensure(response->content_type == NULL || response->body->n > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct params params;
	struct app app = {.routes = rows, .route_count = sizeof(rows) / sizeof(rows[0])};
	char *copy = ensure_malloc(size + 1), *environment[LINES_MAX + 1] = {NULL};
	struct buf body, text;
	struct response response = {.body = &body};
	struct front_arrival arrival = {.params = &params};
	struct arena arena;
	char *rest;

	log_open("fuzz_front", LOG_ERROR + 1);
	secret_open();
	memcpy(copy, data, size);
	copy[size] = '\0';
	arena_init(&arena);
	buf_init(&body);
	buf_init(&text);
	ensure(origin_parse(STR("http://127.0.0.1:8080"), &app.public_origin) == ERR_OK);
	app.kind = size % 4 == 0 ? APP_WEB : APP_API;
	rest = parameters_cut(copy, environment);
	arrival.error = params_read(environment, &params);
	arrival.body = (struct str){rest, size - (size_t)(rest - copy)};
	front_answer(&app, &arena, &arrival, &response);
	fcgi_write_reply(&text, &response, false);
	check_reply(&text, &response);
	buf_free(&text);
	buf_free(&body);
	arena_free(&arena);
	free(copy);
	return 0;
}
