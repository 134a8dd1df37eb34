/* store_submit: the only way to change data. One op travels as one SOCK_SEQPACKET message to snug-store, which answers
 * once it is on disk. The connection is kept between requests and made again when the store was replaced. */
#ifndef SNUG_STORE_SUBMIT_H
#define SNUG_STORE_SUBMIT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/field.h"
#include "base/str.h"
#include "json/json.h"

#include <stdint.h>

/* See ops.def; _backup stands apart because it changes nothing and takes longer than a group. */
enum op {
#define OP(name, roles, needs_actor) OP_##name,
#include "store/ops.def"
#undef OP
	OP_backup, /* command line only, no input; result {"path":"backups/…"}: a finished copy, relative to the data
		      folder */
	OP_COUNT
};

struct store_client {
	const char *path; /* of the socket, relative to the working directory; borrowed */
	int fd;           /* -1 when not connected */
	struct buf reply; /* kept between ops, since a message must have room before its size is known */
};

struct op_caller {
	int64_t user_id;    /* 0: nobody */
	int64_t session_id; /* of the session or token in use */
	const char *reason; /* why, for the audit log; valid UTF-8, NULL when nothing was said */
	const char *address; /* where the caller is, for lists of sessions and security events; NULL when unknown */
};

struct op_reply {
	struct str result;      /* the result object as JSON text, in the arena; "{}" at least when ERR_OK */
	struct str errors;      /* the object for "errors" of ERR_INVALID_FORM as JSON text; empty otherwise */
	int64_t retry_after_ms; /* for ERR_RATE_LIMITED */
};

/* The op's name on the wire, and back; OP_COUNT when there is none. */
const char *op_name(enum op op);
enum op op_from_name(const char *name);

void store_client_init(struct store_client *client, const char *path);
void store_client_close(struct store_client *client);

/* Sends op with input (the JSON text of an object) and waits for the reply, 10 s at most (an hour for a backup). Errors
 * are the op's own, ERR_TOO_LARGE, or ERR_STORE_UNAVAILABLE when the store could not be asked. An op that was sent and
 * not answered because the store died is sent again only when it is safe to repeat (it carries a nonce, or is
 * idempotent); else ERR_STORE_UNAVAILABLE. A store that is restarting is waited for up to 2 s. */
enum err store_submit(struct store_client *client, struct arena *arena, enum op op, const struct op_caller *caller,
		      const char *input, size_t input_n, struct op_reply *reply) MUST_USE;

/* Sends op and neither waits nor learns what became of it: for what is good to have and holds nothing up, such as when a
 * session was last used. False when the store cannot take it right now. */
bool store_notify(const struct store_client *client, struct arena *arena, enum op op, const struct op_caller *caller,
		  const struct buf *input);

/* Whether the store answers at all, within a second: for health checks. It changes nothing. */
bool store_is_alive(struct store_client *client);

/* The member key of the reply's result as JSON text (for "message", the message object), empty when absent. */
struct str op_reply_member(const struct op_reply *reply, struct arena *arena, const char *key);

#endif
