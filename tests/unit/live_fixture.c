#include "live_fixture.h"

#include "base/ensure.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct sockaddr_un address_of(const struct rig *rig)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	memcpy(address.sun_path, rig->socket_path, strlen(rig->socket_path) + 1);
	return address;
}

void rig_open(struct rig *rig)
{
	ops_setup(&rig->ops);
	rig->ops.is_quick = true;
	struct arena *arena = &rig->ops.arena;
	(void)snprintf(rig->socket_path, sizeof(rig->socket_path), "%s/live.sock", rig->ops.folder);
	const struct sockaddr_un address = address_of(rig);
	int signals[2];
	ensure(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, signals) == 0);
	rig->signals_fd = signals[0];
	rig->options = (struct live_options){
	    .listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0),
	    .database_path = rig->ops.path,
	    .bell_path = arena_printf(arena, "%s/none.sock", rig->ops.folder),
	    .templates_path = "templates",
	    .signals_fd = signals[1],
	};
	ensure(origin_parse(str_from("http://127.0.0.1:8080"), &rig->options.public_origin) == ERR_OK);
	ensure(bind(rig->options.listen_fd, (const struct sockaddr *)&address, sizeof(address)) == 0);
	ensure(listen(rig->options.listen_fd, 512) == 0);
	rig->live = live_open(&rig->options);
	rig->ada_token = rig_token(rig, &rig->ops.ada, NULL);
	rig_settle(rig);
}

void rig_close(struct rig *rig)
{
	if (rig->live != NULL)
		live_close(rig->live);
	(void)close(rig->signals_fd);
	(void)close(rig->options.signals_fd);
	ops_close(&rig->ops);
}

void rig_settle(struct rig *rig)
{
	intake_ring(rig->live);
	for (int idle = 0; idle < 3;) {
		ensure(live_turn(rig->live, false) || rig->live->is_stopping);
		idle = rig->live->has_work ? 0 : idle + 1;
	}
}

void rig_wait(struct rig *rig, int64_t ms)
{
	rig->live->loop.ahead_ms += ms;
	rig_settle(rig);
}

const char *rig_token(struct rig *rig, const struct person *who, int64_t *token_id)
{
	unsigned char digest[DIGEST_BYTES];
	char text[SECRET_TEXT_SIZE];
	char *token = arena_alloc(&rig->ops.arena, SECRET_TEXT_SIZE);
	secret_token(token);
	secret_digest(token, strlen(token), digest);
	(void)base64url_encode(digest, sizeof(digest), text);
	ensure(ops_run(&rig->ops, who, "token_create", json_pack("{s:s, s:s}", "name", "test", "digest", text)) ==
	       ERR_OK);
	if (token_id != NULL)
		*token_id = ops_result_id(&rig->ops, NULL, "id");
	return token;
}

struct client client_connect(struct rig *rig, const char *bytes, size_t n)
{
	struct client client = {.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
	const struct sockaddr_un address = address_of(rig);
	buf_init(&client.got);
	ensure(connect(client.fd, (const struct sockaddr *)&address, sizeof(address)) == 0);
	ensure(n == 0 || send(client.fd, bytes, n, MSG_NOSIGNAL) == (ssize_t)n);
	return client;
}

struct client client_follow(struct rig *rig, const char *path, const char *token, const char *accept)
{
	const char *text = arena_printf(
	    &rig->ops.arena, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nAuthorization: Bearer %s\r\n%s%s\r\n\r\n",
	    path, token, accept != NULL ? "Accept: " : "X: ", accept != NULL ? accept : "");
	struct client client = client_connect(rig, text, strlen(text));
	client_read(rig, &client);
	return client;
}

/* The secret of a cookie's session. */
static const char *log_in(struct rig *rig, const struct person *who)
{
	struct ops *ops = &rig->ops;
	unsigned char digest[DIGEST_BYTES];
	char text[SECRET_TEXT_SIZE];
	char *secret = arena_alloc(&ops->arena, SECRET_TEXT_SIZE);
	const struct person web = {.role = OP_ROLE_WEB};
	secret_token(secret);
	secret_digest(secret, strlen(secret), digest);
	(void)base64url_encode(digest, sizeof(digest), text);
	json_t *in = json_pack("{s:I, s:s, s:s, s:s}", "user_id", (json_int_t)who->id, "password_hash",
			       ops_text(ops, "SELECT password_hash FROM users WHERE id = %lld", (long long)who->id),
			       "session_kind", "cookie", "session_digest", text);
	ensure(ops_run(ops, &web, "session_create", in) == ERR_OK);
	return secret;
}

struct client client_open_page(struct rig *rig, const struct person *who, int64_t channel_id)
{
	const char *text = arena_printf(&rig->ops.arena,
					"GET /live?channel=%lld HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"
					"Sec-Fetch-Site: same-origin\r\nCookie: a=b; snug_session=%s\r\n\r\n",
					(long long)channel_id, log_in(rig, who));
	struct client client = client_connect(rig, text, strlen(text));
	client_read(rig, &client);
	return client;
}

static bool take(struct client *client, size_t most)
{
	char bytes[16384];
	ssize_t n = recv(client->fd, bytes, most < sizeof(bytes) ? most : sizeof(bytes), 0);
	if (n > 0)
		buf_put(&client->got, bytes, (size_t)n);
	if (n == 0 || (n < 0 && errno != EAGAIN))
		client->is_closed = true;
	return n > 0;
}

void client_read(struct rig *rig, struct client *client)
{
	do
		rig_settle(rig);
	while (!client->is_closed && take(client, SIZE_MAX));
}

void client_read_some(struct rig *rig, struct client *client, size_t n)
{
	(void)take(client, n);
	rig_settle(rig);
}

void client_forget(struct client *client)
{
	buf_clear(&client->got);
}

void client_close(struct client *client)
{
	(void)close(client->fd);
	buf_free(&client->got);
}

int client_status(const struct client *client)
{
	int status = 0;
	return client->got.n > 0 && sscanf(client->got.p, "HTTP/1.1 %d ", &status) == 1 ? status : 0;
}

bool client_has(const struct client *client, const char *text)
{
	return client->got.n > 0 && strstr(client->got.p, text) != NULL;
}

/* Whether the line that ends at end, a newline, is one of data. */
static bool is_data_line(const char *text, const char *end)
{
	const char *start = end;
	while (start > text && start[-1] != '\n')
		start--;
	return strncmp(start, "data: ", 6) == 0;
}

int64_t *client_seqs(struct rig *rig, const struct client *client, int *count)
{
	int64_t *seqs = arena_alloc(&rig->ops.arena, (client->got.n / 8 + 1) * sizeof(*seqs));
	const char *text = client->got.n > 0 ? client->got.p : "";
	*count = 0;
	for (const char *at = text; (at = strstr(at, "\nid: ")) != NULL; at++) {
		long long seq;
		char end[3];
		if (is_data_line(text, at) && sscanf(at, "\nid: %lld%2[\n]", &seq, end) == 2 && strlen(end) == 2)
			seqs[(*count)++] = seq;
	}
	return seqs;
}

int64_t client_last_id(const struct client *client)
{
	long long last = 0;
	for (const char *at = client->got.n > 0 ? client->got.p : ""; (at = strstr(at, "\nid: ")) != NULL; at++)
		(void)sscanf(at, "\nid: %lld", &last);
	return last;
}

json_t *client_json(struct rig *rig, const struct client *client)
{
	struct buf *body = buf_in_arena(&rig->ops.arena);
	ensure(client->got.n > 0 && strstr(client->got.p, "\r\nTransfer-Encoding: chunked\r\n") != NULL);
	const char *at = strstr(client->got.p, "\r\n\r\n") + 4, *end = client->got.p + client->got.n;
	for (;;) {
		char *size_end;
		unsigned long n = strtoul(at, &size_end, 16);
		ensure(size_end > at && strncmp(size_end, "\r\n", 2) == 0 && (size_t)(end - size_end) >= n + 4);
		at = size_end + 2 + n;
		ensure(strncmp(at, "\r\n", 2) == 0);
		buf_put(body, size_end + 2, n);
		at += 2;
		if (n == 0)
			break;
	}
	ensure(at == end);
	json_t *json;
	ensure(json_parse_own(&rig->ops.arena, body->p, body->n, &json) == ERR_OK);
	return json;
}
