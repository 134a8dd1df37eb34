#include "ops_fixture.h"

#include "base/clock.h"
#include "base/ensure.h"
#include "crypto/secret.h"
#include "domain/file/file_url.h"
#include "sql/sql_internal.h"
#include "sql/sql_writer.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void ops_folder(char out[64])
{
	const char *parent = getenv("TMPDIR");

	if (parent == NULL)
		parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	ensure(snprintf(out, 64, "%s/snug-test-XXXXXX", parent) < 64);
	ensure(mkdtemp(out) != NULL);
}

void ops_folder_remove(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char path[512];
	struct stat info;

	ensure(dir != NULL);
	while ((entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		(void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		ensure(lstat(path, &info) == 0);
		if (S_ISDIR(info.st_mode))
			ops_folder_remove(path);
		else
			ensure(unlink(path) == 0);
	}
	(void)closedir(dir);
	ensure(rmdir(folder) == 0);
}

/* The database as the migrations leave it, made once by each process: they take longer than most tests. */
static struct {
	unsigned char *bytes;
	sqlite3_int64 n;
} migrated;

static void migrated_save(struct sql *db)
{
	int applied;

	ensure(sql_migrate(db, "", &applied) == ERR_OK);
	migrated.bytes = sqlite3_serialize(db->connection, "main", &migrated.n, 0);
	ensure(migrated.bytes != NULL);
}

static void migrated_put(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	ensure(fd >= 0 && write(fd, migrated.bytes, (size_t)migrated.n) == migrated.n && close(fd) == 0);
}

void ops_open(struct ops *ops)
{
	bool is_first = migrated.bytes == NULL;

	*ops = (struct ops){0};
	secret_open();
	ops_folder(ops->folder);
	(void)snprintf(ops->path, sizeof ops->path, "%s/snug.db", ops->folder);
	config_init(&ops->config);
	arena_init(&ops->arena);
	arena_init(&ops->engine.arena);
	buf_init(&ops->reply);
	ops->engine.config = &ops->config;
	if (!is_first)
		migrated_put(ops->path);
	ensure(sql_open_writer(ops->path, &ops->engine.db) == ERR_OK);
	if (is_first)
		migrated_save(ops->engine.db);
	struct event_range range;
	ensure(event_range(ops->engine.db, &range) == ERR_OK);
	ops->engine.last_seq = range.head;
}

void ops_close_database(struct ops *ops)
{
	ops_fingerprint_close();
	sql_close(ops->engine.db);
	ops->engine.db = NULL;
}

void ops_close(struct ops *ops)
{
	ops_close_database(ops);
	search_queue_free(&ops->engine.search);
	arena_free(&ops->engine.arena);
	arena_free(&ops->arena);
	buf_free(&ops->reply);
	config_free(&ops->config);
	ops_folder_remove(ops->folder);
}

static void transaction(struct ops *ops, enum query query)
{
	ensure(sql_run(ops->engine.db, query, SQL_NO_ARGS, NULL) == ERR_OK);
}

static void read_reply(struct ops *ops)
{
	json_t *root;
	struct buf *text = buf_in_arena(&ops->arena);

	/* Addresses of files stand in it as markers, which whoever sends it on expands. */
	file_url_expand_plain(ops->reply.p, ops->reply.n, text);
	ensure(json_parse_own(&ops->arena, text->p, text->n, &root) == ERR_OK);
	ensure(json_text(root, "err") != NULL);
	ops->result = json_object_get(root, "result");
	ops->errors = json_object_get(root, "errors");
}

struct apply ops_apply(struct ops *ops)
{
	return (struct apply){
	    .db = ops->engine.db,
	    .arena = &ops->engine.arena,
	    .config = &ops->config,
	    .ids = &ops->engine.ids,
	    .last_seq = &ops->engine.last_seq,
	    .search = &ops->engine.search,
	    .now_ms = clock_now_ms(),
	};
}

enum err ops_run_text(struct ops *ops, enum op_role role, const char *request, size_t n)
{
	int64_t seq_before = ops->engine.last_seq;
	uint64_t before = ops->is_quick ? 0 : ops_fingerprint(ops->path);
	bool has_left_rows;

	transaction(ops, QUERY_TRANSACTION_BEGIN_WRITE);
	ensure(op_execute_unguarded(&ops->engine, role, request, n, &ops->reply, &has_left_rows) == ERR_OK);
	if (has_left_rows) { /* as a group does it; whether the op knows that it left some is checked below */
		transaction(ops, QUERY_TRANSACTION_ROLLBACK);
		transaction(ops, QUERY_TRANSACTION_BEGIN_WRITE);
		ensure(op_execute(&ops->engine, role, request, n, &ops->reply) == ERR_OK);
	}
	ensure(op_settle(&ops->engine) == ERR_OK);
	transaction(ops, QUERY_TRANSACTION_COMMIT);
	ensure(sql_is_idle(ops->engine.db) && !sql_in_transaction(ops->engine.db));
	read_reply(ops);

	char err[64] = "";
	ensure(sscanf(ops->reply.p, "{\"err\":\"%63[A-Z_]\"", err) == 1);
	if (strcmp(err, "OK") != 0 && !ops->keeps_on_error) {
		ensure(ops->engine.last_seq == seq_before);
		ensure(ops->is_quick || ops_fingerprint(ops->path) == before);
	}
	ops->keeps_on_error = false;
	return err_from_name(err);
}

enum err ops_run(struct ops *ops, const struct person *who, const char *op, json_t *in)
{
	static const struct person nobody = {.role = OP_ROLE_API};
	const struct person *actor = who != NULL ? who : &nobody;
	json_t *request = json_pack("{s:s, s:I, s:I, s:o*}", "op", op, "actor", (json_int_t)actor->id, "session",
				    (json_int_t)actor->session_id, "in", in);

	ensure(request != NULL);
	char *text = json_dumps(request, JSON_COMPACT);
	enum err err = ops_run_text(ops, actor->role, text, strlen(text));
	free(text);
	json_decref(request);
	return err;
}

const char *ops_digest(struct ops *ops)
{
	static unsigned count;
	unsigned char digest[DIGEST_BYTES];
	char text[16];
	char *out = arena_alloc(&ops->arena, SECRET_TEXT_SIZE);

	int n = snprintf(text, sizeof text, "%u", ++count);
	secret_digest(text, (size_t)n, digest);
	(void)base64url_encode(digest, sizeof digest, out);
	return out;
}

json_t *ops_register_input(struct ops *ops, const char *name)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s}", "username", name, "email",
			 arena_printf(&ops->arena, "%s@example.org", name), "password_hash",
			 "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA", "session_kind", "refresh", "session_digest",
			 ops_digest(ops));
}

int64_t ops_result_id(const struct ops *ops, const char *object, const char *key)
{
	return json_id(object == NULL ? ops->result : json_object_get(ops->result, object), key);
}

static struct person registered(struct ops *ops, json_t *in)
{
	ensure(ops_run(ops, NULL, "user_register", in) == ERR_OK);
	return (struct person){
	    .id = ops_result_id(ops, "user", "id"),
	    .session_id = ops_result_id(ops, NULL, "session_id"),
	    .role = OP_ROLE_API,
	};
}

void ops_setup(struct ops *ops)
{
	ops_open(ops);
	json_t *in = ops_register_input(ops, "ada");
	ensure(json_object_set_new(in, "workspace", json_string("Engine Room")) == 0);
	ops->ada = registered(ops, in);
	ops->guild_id = ops_result_id(ops, NULL, "guild_id");
	ops->general_id = ops_result_id(ops, NULL, "channel_id");
}

const char *ops_invite(struct ops *ops, const struct person *who, json_int_t max_uses)
{
	ensure(ops_run(ops, who, "invite_create",
		       json_pack("{s:I, s:I}", "guild_id", (json_int_t)ops->guild_id, "max_uses", max_uses)) == ERR_OK);
	return arena_strdup(&ops->arena, json_text(json_object_get(ops->result, "invite"), "code"));
}

struct person ops_join(struct ops *ops, const char *name)
{
	const char *code = ops_invite(ops, &ops->ada, 1);
	json_t *in = ops_register_input(ops, name);

	ensure(json_object_set_new(in, "invite", json_string(code)) == 0);
	return registered(ops, in);
}

int64_t ops_channel(struct ops *ops, const struct person *who, const char *name)
{
	ensure(ops_run(ops, who, "channel_create",
		       json_pack("{s:I, s:s}", "guild_id", (json_int_t)ops->guild_id, "name", name)) == ERR_OK);
	return ops_result_id(ops, "channel", "id");
}

int64_t ops_message(struct ops *ops, const struct person *who, int64_t channel_id, const char *content)
{
	ensure(ops_run(ops, who, "message_create",
		       json_pack("{s:I, s:s}", "channel_id", (json_int_t)channel_id, "content", content)) == ERR_OK);
	return ops_result_id(ops, "message", "id");
}

void ops_grant(struct ops *ops, const struct person *who, uint64_t bits)
{
	int64_t role_id = ops_int(ops, "SELECT max(id) + 1 FROM roles");

	ops_sql(ops,
		"INSERT INTO roles (id, guild_id, name, permissions, position) VALUES (%lld, %lld, 'role', %lld, 9)",
		(long long)role_id, (long long)ops->guild_id, (long long)bits);
	ops_sql(ops, "INSERT INTO member_roles (guild_id, user_id, role_id) VALUES (%lld, %lld, %lld)",
		(long long)ops->guild_id, (long long)who->id, (long long)role_id);
}

const char *ops_complaint(const struct ops *ops, const char *field)
{
	const json_t *list = json_object_get(json_object_get(ops->errors, field), "_errors");

	return json_text(json_array_get(list, 0), "code");
}

json_t *ops_json(const char *format, ...)
{
	char text[2048];
	json_error_t error;
	va_list args;

	va_start(args, format);
	ensure(vsnprintf(text, sizeof text, format, args) < (int)sizeof text);
	va_end(args);
	for (char *p = text; *p != '\0'; p++)
		*p = *p == '\'' ? '"' : *p;
	json_t *json = json_loads(text, 0, &error);
	if (json == NULL) {
		(void)fprintf(stderr, "%s: %s\n", text, error.text);
		abort();
	}
	return json;
}

void ops_sql(struct ops *ops, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = sqlite3_vmprintf(format, args);
	va_end(args);
	char *why = NULL;
	if (sqlite3_exec(ops->engine.db->connection, text, NULL, NULL, &why) != SQLITE_OK) {
		(void)fprintf(stderr, "%s: %s\n", text, why);
		abort();
	}
	sqlite3_free(text);
}

static sqlite3_stmt *first_row(struct ops *ops, const char *format, va_list args)
{
	char *text = sqlite3_vmprintf(format, args);
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(ops->engine.db->connection, text, -1, &stmt, NULL) != SQLITE_OK) {
		(void)fprintf(stderr, "%s: %s\n", text, sqlite3_errmsg(ops->engine.db->connection));
		abort();
	}
	sqlite3_free(text);
	(void)sqlite3_step(stmt);
	return stmt;
}

int64_t ops_int(struct ops *ops, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	sqlite3_stmt *stmt = first_row(ops, format, args);
	va_end(args);
	int64_t value = sqlite3_column_int64(stmt, 0);
	(void)sqlite3_finalize(stmt);
	return value;
}

const char *ops_text(struct ops *ops, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	sqlite3_stmt *stmt = first_row(ops, format, args);
	va_end(args);
	const void *value = sqlite3_column_text(stmt, 0);
	const char *copy = arena_strdup(&ops->arena, value);
	(void)sqlite3_finalize(stmt);
	return copy;
}

uint64_t ops_fingerprint_inside(struct ops *ops)
{
	return ops_fingerprint_of(ops->engine.db->connection);
}

struct event *ops_events(struct ops *ops, int64_t after, int *count)
{
	int capacity = 0, n;
	struct event *list = NULL;

	*count = 0;
	do {
		struct event *longer = arena_alloc(&ops->arena, (size_t)(capacity += EVENT_PAGE_MAX) * sizeof *list);
		if (*count > 0)
			memcpy(longer, list, (size_t)*count * sizeof *list);
		list = longer;
		ensure(event_list(ops->engine.db, &ops->arena, after, EVENT_PAGE_MAX, list + *count, &n) == ERR_OK);
		*count += n;
		after = *count > 0 ? list[*count - 1].seq : after;
	} while (n == EVENT_PAGE_MAX);
	return list;
}

const char *ops_repeat(struct ops *ops, const char *character, size_t count)
{
	size_t n = strlen(character);
	char *text = arena_alloc(&ops->arena, n * count + 1);

	for (size_t i = 0; i < count; i++)
		memcpy(text + i * n, character, n);
	return text;
}

/* splitmix64. */
uint32_t ops_below(struct ops_random *random, uint32_t bound)
{
	uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)(((z ^ (z >> 31)) >> 32) * bound >> 32);
}
