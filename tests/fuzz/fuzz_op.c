/* Ops as snug-store executes them. An input is up to eight lines, each a request without its actor: the first letter
 * says who sends it over which socket (below), the rest is an object. @0 to @9 stand for ids that are there. Whatever
 * comes, the reply is JSON with an error's name, an op that failed changed nothing, and the transaction is still open.
 */
#include "ops_fixture.h"

#include "base/ensure.h"
#include "sql/sql_internal.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES_MAX = 8, LINE_MAX_BYTES = 8192, IDS = 10 };

static struct ops ops;
static struct person bob;
static char ids[IDS][64];

static void set_id(int i, int64_t id)
{
	(void)snprintf(ids[i], sizeof ids[i], "%lld", (long long)id);
}

static void tear_down(void)
{
	ops_close(&ops);
}

/* Made once; every input is undone. */
static void set_up(void)
{
	const char *why;

	ops_setup(&ops);
	ensure(atexit(tear_down) == 0);
	ensure(config_set(&ops.config, CONFIG_REGISTRATION, "open", &why) == ERR_OK);
	bob = ops_join(&ops, "bob");
	set_id(0, ops.guild_id);
	set_id(1, ops.general_id);
	set_id(2, ops_message(&ops, &ops.ada, ops.general_id, "ada's"));
	set_id(3, ops_message(&ops, &bob, ops.general_id, "bob's"));
	set_id(4, ops.ada.id);
	set_id(5, bob.id);
	ensure(ops_run(&ops, &ops.ada, "channel_create",
		       ops_json("{'guild_id': %s, 'name': 'Hidden', 'type': 4, 'permission_overwrites': [{'id': %s, "
				"'deny': '1024'}]}",
				ids[0], ids[0])) == ERR_OK);
	set_id(6, ops_result_id(&ops, "channel", "id"));
	ensure(ops_run(&ops, &bob, "token_create", json_pack("{s:s, s:s}", "name", "x", "digest", ops_digest(&ops))) ==
	       ERR_OK);
	set_id(7, ops_result_id(&ops, NULL, "id"));
	(void)snprintf(ids[8], sizeof ids[8], "%s", ops_invite(&ops, &ops.ada, 3));
	(void)snprintf(ids[9], sizeof ids[9], "%s", ops_digest(&ops));
	ensure(ops_run(&ops, NULL, "session_create",
		       json_pack("{s:I, s:s, s:s, s:s}", "user_id", (json_int_t)bob.id, "password_hash",
				 ops_text(&ops, "SELECT password_hash FROM users LIMIT 1"), "session_kind", "refresh",
				 "session_digest", ids[9])) == ERR_OK);
}

/* A: ada, B: bob by the web; a, b by the API; C: ada on the command line; N, n: nobody; L: ada by snug-live. */
static struct person sender(char letter)
{
	struct person person = {0};

	if (strchr("AaCL", letter) != NULL)
		person = ops.ada;
	else if (strchr("Bb", letter) != NULL)
		person = bob;
	person.role = letter == 'C'   ? OP_ROLE_CLI
		      : letter == 'L' ? OP_ROLE_LIVE
		      : letter >= 'a' ? OP_ROLE_API
				      : OP_ROLE_WEB;
	if (letter == 'C')
		person.session_id = 0;
	return person;
}

static void write_request(struct buf *out, const struct person *person, const char *text, size_t n)
{
	buf_printf(out, "{\"actor\":\"%lld\",\"session\":\"%lld\",", (long long)person->id,
		   (long long)person->session_id);
	for (size_t i = n > 0 && text[0] == '{' ? 1 : 0; i < n; i++) {
		if (text[i] == '@' && i + 1 < n && text[i + 1] >= '0' && text[i + 1] <= '9')
			buf_puts(out, ids[text[++i] - '0']);
		else
			buf_putc(out, text[i]);
	}
}

/* Two sessions with one secret are a front program's fault, and told as an internal error. */
static bool may_be_internal(const struct buf *request)
{
	return memmem(request->p, request->n, "digest", 6) != NULL;
}

static void execute(const struct person *person, const struct buf *request)
{
	int64_t seq_before = ops.engine.last_seq;
	uint64_t before = ops_fingerprint_inside(&ops);
	json_t *reply;

	ensure(op_execute(&ops.engine, person->role, request->p, request->n, &ops.reply) == ERR_OK);
	ensure(sql_is_idle(ops.engine.db) && sql_in_transaction(ops.engine.db));
	ensure(json_parse_own(&ops.arena, ops.reply.p, ops.reply.n, &reply) == ERR_OK);
	const char *err = json_text(reply, "err");
	ensure(err != NULL && (err_from_name(err) != ERR_INTERNAL || may_be_internal(request)));
	if (strcmp(err, "OK") == 0) {
		ensure(json_is_object(json_object_get(reply, "result")));
		ensure(ops.engine.last_seq >= seq_before);
	} else if (strcmp(err, "BAD_REFRESH_TOKEN") != 0) {
		ensure(ops.engine.last_seq == seq_before);
		ensure(ops_fingerprint_inside(&ops) == before);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *at = (const char *)data, *end = at + size;
	struct buf request;

	if (ops.engine.db == NULL)
		set_up();
	struct op_engine before = ops.engine;
	buf_init(&request);
	ops_sql(&ops, "BEGIN IMMEDIATE");
	for (int line = 0; line < LINES_MAX && at < end; line++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline != NULL ? newline : end;

		if (stop > at && stop - at < LINE_MAX_BYTES) {
			struct person person = sender(*at);
			buf_clear(&request);
			write_request(&request, &person, at + 1, (size_t)(stop - at - 1));
			execute(&person, &request);
		}
		at = stop < end ? stop + 1 : end;
	}
	ensure(ops_int(&ops, "SELECT max(seq) FROM events") == ops.engine.last_seq);
	ensure(op_settle(&ops.engine) == ERR_OK);
	ops_sql(&ops, "INSERT INTO search (search) VALUES ('integrity-check')");
	ops_sql(&ops, "ROLLBACK");
	ops.engine.last_seq = before.last_seq;
	arena_reset(&ops.arena);
	buf_free(&request);
	return 0;
}
