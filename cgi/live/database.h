/* snug-live's own read-only connection, and what happens while there is none: streams stay open, new ones are refused,
 * and every so often it is tried again. */
#ifndef SNUG_LIVE_DATABASE_H
#define SNUG_LIVE_DATABASE_H

#include "base/arena.h"
#include "base/err.h"
#include "domain/event/event.h"
#include "live/loop.h"
#include "sql/sql.h"

#include <stdbool.h>

/* Opening may itself wait for a second, so it is not tried more often. */
enum { DATABASE_RETRY_MS = 2000 };

struct database {
	struct loop *loop;
	const char *path; /* borrowed */
	struct sql *sql;  /* NULL while there is none */
	struct timer retry;
	struct arena arena;           /* for the rows of one question */
	void (*on_open)(void *owner); /* called whenever there is a fresh connection */
	void *owner;
};

/* Opens it when that is possible now. */
void database_open(struct database *database, struct loop *loop, const char *path, void (*on_open)(void *owner),
		   void *owner);
void database_close(struct database *database);

/* Makes a fresh connection: the store has restarted, perhaps with another file. */
void database_reopen(struct database *database);

bool database_is_open(const struct database *database);

/* Passes an error on. When it is the database's, the connection is given up and is tried again later. */
enum err database_check(struct database *database, enum err err) MUST_USE;

/* Answers for live/viewer.h; owner is the database. */
enum err database_sees_channel(void *owner, int64_t channel_id, int64_t user_id, bool *sees);
enum err database_reads_history(void *owner, int64_t channel_id, int64_t user_id, bool *reads);
enum err database_is_member(void *owner, int64_t guild_id, int64_t user_id, bool *is_member);
enum err database_thread_parent(void *owner, int64_t channel_id, int64_t *parent_id);
enum err database_may(void *owner, const struct event *event, int64_t user_id, uint64_t needed, bool *may);

/* Whether the session still speaks for the account: ERR_OK, ERR_UNAUTHORIZED, or why it cannot be said. */
enum err database_session_is_live(struct database *database, int64_t session_id, int64_t user_id) MUST_USE;

#endif
