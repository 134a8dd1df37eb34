/* snug-live inside a test program: a database that ops fill (ops_fixture.h), the loop turned by hand, and clients on a
 * unix socket. What goes wrong in here ends the test program. */
#ifndef SNUG_TESTS_LIVE_FIXTURE_H
#define SNUG_TESTS_LIVE_FIXTURE_H

#include "live/live.h"
#include "ops_fixture.h"

struct rig {
	struct ops ops;
	struct live_options options;
	struct live *live;
	char socket_path[96];
	const char *ada_token; /* personal token of the workspace's owner */
	int signals_fd;        /* where a front program would give signals */
};

struct client {
	int fd;
	bool is_closed; /* by snug-live */
	struct buf got; /* everything, head included */
};

void rig_open(struct rig *rig);
void rig_close(struct rig *rig);

/* Turns the loop until nothing is left to do, as after a ring of the bell. */
void rig_settle(struct rig *rig);

/* As if that much time had passed: fires what is due by then, then settles. */
void rig_wait(struct rig *rig, int64_t ms);

/* A personal token of somebody; *token_id may be NULL. In the arena of the ops. */
const char *rig_token(struct rig *rig, const struct person *who, int64_t *token_id);

/* Connects and sends bytes; the loop is not turned. */
struct client client_connect(struct rig *rig, const char *bytes, size_t n);

/* GET with a bearer token, settled and read. accept may be NULL. */
struct client client_follow(struct rig *rig, const char *path, const char *token, const char *accept);

/* GET /live of somebody who has just logged in, settled and read: an open page of that channel. */
struct client client_open_page(struct rig *rig, const struct person *who, int64_t channel_id);

/* Reads what has arrived, settling until nothing more comes. */
void client_read(struct rig *rig, struct client *client);

/* Reads at most n bytes once, and settles. */
void client_read_some(struct rig *rig, struct client *client, size_t n);

/* Forgets what was read. */
void client_forget(struct client *client);
void client_close(struct client *client);

/* The status of the reply, and whether the text stands in what was read. */
int client_status(const struct client *client);
bool client_has(const struct client *client, const char *text);

/* The seqs of the whole events of a stream, heartbeats and greetings left out, in the arena of the ops. */
int64_t *client_seqs(struct rig *rig, const struct client *client, int *count);

/* The last id that a stream told. */
int64_t client_last_id(const struct client *client);

/* The JSON of a chunked reply, which must be framed rightly and whole. */
json_t *client_json(struct rig *rig, const struct client *client);

#endif
