/* The client side of ops: what every program but the store uses. */
#include "store/submit.h"

#include "base/clock.h"
#include "base/log.h"
#include "store/wire.h"
#include "json/jw.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum {
	REPLY_WAIT_S = 10,
	BACKUP_WAIT_S = 3600,
	ALIVE_WAIT_MS = 1000,
	CONNECT_WAIT_MS = 2000,
	CONNECT_PAUSE_MS = 10,
	ATTEMPTS_MAX = 4,
};

void store_client_init(struct store_client *client, const char *path)
{
	*client = (struct store_client){.path = path, .fd = -1};
}

static void disconnect(struct store_client *client)
{
	if (client->fd >= 0)
		(void)close(client->fd);
	client->fd = -1;
}

void store_client_close(struct store_client *client)
{
	disconnect(client);
	buf_free(&client->reply);
}

/* A connection of its own, -1 when there is none to be had; flags are those of socket. snug run holds the listening
 * socket: connecting succeeds while the store is being replaced, and the op waits there. */
static int connect_to(const char *path, int flags)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof(address.sun_path))
		return -1;
	memcpy(address.sun_path, path, strlen(path) + 1);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | flags, 0);
	if (fd < 0)
		return -1;
	const struct timeval wait = {.tv_sec = REPLY_WAIT_S};
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

static bool connect_once(struct store_client *client)
{
	client->fd = connect_to(client->path, 0);
	return client->fd >= 0;
}

static bool connect_within(struct store_client *client, int64_t give_up_at)
{
	while (!connect_once(client)) {
		if (clock_monotonic_ms() >= give_up_at)
			return false;
		const struct timespec pause = {0, CONNECT_PAUSE_MS * 1000000L};
		(void)nanosleep(&pause, NULL);
	}
	return true;
}

/* One op on its way. */
struct call {
	enum op op;
	const char *input;
	size_t input_n;
	struct buf *request; /* the whole message */
};

/* A member of the op's input; NULL when it has none of that name. */
static const json_t *member_of(struct arena *arena, const struct call *call, const char *name)
{
	json_t *root;
	if (json_parse_own(arena, call->input, call->input_n, &root) != ERR_OK)
		return NULL;
	return json_object_get(root, name);
}

static bool has_nonce(struct arena *arena, const struct call *call)
{
	const json_t *nonce = member_of(arena, call, "nonce");
	return json_is_integer(nonce) || json_string_length(nonce) > 0;
}

/* Whether sending the op a second time gives what sending it once gives. */
static bool is_repeatable(struct arena *arena, const struct call *call)
{
	switch (call->op) {
	case OP_message_create:
		return has_nonce(arena, call);
	case OP_message_update: /* files would be added a second time */
		return json_array_size(member_of(arena, call, "files")) == 0;
	case OP_channel_update:
	case OP_invite_accept:
	case OP_session_refresh:
	case OP_user_password:
	case OP_user_update:
	case OP_user_email:
	case OP_block_create:
	case OP_block_delete:
	case OP_role_update:
	case OP_member_update:
	case OP_member_nickname:
	case OP_member_role_add:
	case OP_member_role_remove:
	case OP_ban_create:
	case OP_job_lease: /* the same lease gets the same jobs */
	case OP_job_done:  /* what has ended is told apart by the worker */
	case OP_job_fail:
		return true;
	default:
		return false;
	}
}

static void write_request(struct call *call, const struct op_caller *caller)
{
	struct jw jw;
	jw_init(&jw, call->request);
	jw_object(&jw, NULL);
	jw_text(&jw, "op", op_name(call->op));
	jw_id(&jw, "actor", caller->user_id);
	jw_id(&jw, "session", caller->session_id);
	if (caller->reason != NULL)
		jw_text(&jw, "reason", caller->reason);
	if (caller->address != NULL)
		jw_text(&jw, "address", caller->address);
	jw_raw(&jw, "in", call->input, call->input_n);
	jw_object_end(&jw);
}

/* A kept connection may lead to a store that was replaced since: that shows at send or as an end instead of a reply. */
static enum err exchange(struct store_client *client, struct arena *arena, const struct call *call)
{
	const struct timeval wait = {.tv_sec = call->op == OP_backup ? BACKUP_WAIT_S : REPLY_WAIT_S};
	int64_t give_up_at = clock_monotonic_ms() + CONNECT_WAIT_MS;
	for (int attempt = 1;; attempt++) {
		if (client->fd < 0 && !connect_within(client, give_up_at))
			return ERR_STORE_UNAVAILABLE;
		(void)setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
		enum wire_status status = wire_send(client->fd, call->request->p, call->request->n, 0);
		if (status == WIRE_MALFORMED)
			return ERR_TOO_LARGE;
		bool was_sent = status == WIRE_OK;
		if (was_sent) {
			status = wire_receive(client->fd, &client->reply, 0);
			if (status == WIRE_OK)
				return ERR_OK;
		}
		disconnect(client);
		if (status != WIRE_CLOSED || attempt == ATTEMPTS_MAX || clock_monotonic_ms() >= give_up_at)
			return ERR_STORE_UNAVAILABLE;
		if (was_sent && !is_repeatable(arena, call))
			return ERR_STORE_UNAVAILABLE;
	}
}

/* The replies are the store's own text, members in a fixed order: {"err":"OK","result":{…}}. */
static enum err read_reply(struct arena *arena, const struct buf *reply, struct op_reply *out)
{
	static const char ok[] = "{\"err\":\"OK\",\"result\":";
	size_t prefix = sizeof(ok) - 1;
	if (reply->n > prefix + 1 && memcmp(reply->p, ok, prefix) == 0) {
		size_t n = reply->n - prefix - 1;
		out->result = (struct str){arena_strndup(arena, reply->p + prefix, n), n};
		return ERR_OK;
	}
	json_t *root;
	if (json_parse_own(arena, reply->p, reply->n, &root) != ERR_OK || json_text(root, "err") == NULL)
		return ERR_STORE_UNAVAILABLE;
	enum err err = err_from_name(json_text(root, "err"));
	out->retry_after_ms = json_int(root, "retry_after_ms");
	const json_t *errors = json_object_get(root, "errors");
	if (errors != NULL)
		out->errors = json_write(arena, errors);
	return err == ERR_OK ? ERR_STORE_UNAVAILABLE : err;
}

enum err store_submit(struct store_client *client, struct arena *arena, enum op op, const struct op_caller *caller,
		      const char *input, size_t input_n, struct op_reply *reply)
{
	struct call call = {.op = op, .input = input, .input_n = input_n, .request = buf_in_arena(arena)};
	*reply = (struct op_reply){.result = STR("{}"), .errors = STR("")};
	write_request(&call, caller);
	TRY(exchange(client, arena, &call));
	return read_reply(arena, &client->reply, reply);
}

/* The connection is given up at once: the store reads what was sent before it finds that nobody waits for the answer.
 * One that is kept would give that answer to the next op. */
bool store_notify(const struct store_client *client, struct arena *arena, enum op op, const struct op_caller *caller,
		  const struct buf *input)
{
	struct call call = {.op = op, .input = input->p, .input_n = input->n, .request = buf_in_arena(arena)};
	int fd = client->path != NULL ? connect_to(client->path, SOCK_NONBLOCK) : -1;
	if (fd < 0)
		return false;
	write_request(&call, caller);
	bool is_sent = wire_send(fd, call.request->p, call.request->n, MSG_DONTWAIT) == WIRE_OK;
	(void)close(fd);
	return is_sent;
}

/* The question is no op, and any answer to it comes from a store that takes ops. A late answer would be taken for the
 * next op's, so a connection that did not answer in time is given up. */
bool store_is_alive(struct store_client *client)
{
	static const char question[] = "{\"op\":\"health\"}";
	for (int attempt = 0; attempt < 2; attempt++) {
		if (client->fd < 0 && !connect_once(client))
			return false;
		struct pollfd answer = {.fd = client->fd, .events = POLLIN};
		bool was_sent = wire_send(client->fd, question, sizeof(question) - 1, MSG_DONTWAIT) == WIRE_OK;
		bool is_answered = was_sent && poll(&answer, 1, ALIVE_WAIT_MS) == 1;
		if (is_answered && wire_receive(client->fd, &client->reply, MSG_DONTWAIT) == WIRE_OK)
			return true;
		disconnect(client);
		if (was_sent && !is_answered)
			return false; /* nothing was heard for a second: another one would tell no more */
	}
	return false;
}

/* The length of the object or array that p, the store's own JSON, begins with. */
static size_t container_length(const char *p, size_t n)
{
	size_t depth = 0;
	bool is_in_string = false;
	for (size_t i = 0; i < n; i++) {
		if (is_in_string && p[i] == '\\')
			i++;
		else if (p[i] == '"')
			is_in_string = !is_in_string;
		else if (!is_in_string && (p[i] == '{' || p[i] == '['))
			depth++;
		else if (!is_in_string && (p[i] == '}' || p[i] == ']') && --depth == 0)
			return i + 1;
	}
	return n;
}

struct str op_reply_member(const struct op_reply *reply, struct arena *arena, const char *key)
{
	struct str result = reply->result;
	const char *prefix = arena_printf(arena, "{\"%s\":", key);
	size_t prefix_n = strlen(prefix);
	/* The first member, an object in the results that matter for speed, is cut out as it stands. */
	if (result.n > prefix_n && memcmp(result.p, prefix, prefix_n) == 0 && result.p[prefix_n] == '{')
		return (struct str){result.p + prefix_n, container_length(result.p + prefix_n, result.n - prefix_n)};
	json_t *root;
	if (json_parse_own(arena, result.p, result.n, &root) != ERR_OK)
		return STR("");
	const json_t *member = json_object_get(root, key);
	return member != NULL ? json_write(arena, member) : STR("");
}
