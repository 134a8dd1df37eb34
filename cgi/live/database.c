/* The connection, opened again when it fails. No statement stays busy between two calls, so the log file can be
 * checkpointed while streams wait. */
#include "live/database.h"

#include "base/clock.h"
#include "base/ensure.h"
#include "base/log.h"
#include "domain/perm.h"
#include "domain/session/session.h"
#include "domain/thread/thread.h"

static void try_again_later(struct database *database)
{
	timers_set(&database->loop->timers, &database->retry, database->loop->now_ms, DATABASE_RETRY_MS);
}

static void try_open(struct database *database)
{
	if (sql_open_reader(database->path, &database->sql) == ERR_OK) {
		database->on_open(database->owner);
		return;
	}
	database->sql = NULL;
	try_again_later(database);
}

static void retry(struct timer *timer)
{
	try_open(LIST_OWNER(timer, struct database, retry));
}

void database_open(struct database *database, struct loop *loop, const char *path, void (*on_open)(void *owner),
		   void *owner)
{
	*database = (struct database){.loop = loop, .path = path, .on_open = on_open, .owner = owner};
	arena_init(&database->arena);
	timers_prepare(&database->retry, retry);
	try_open(database);
}

void database_close(struct database *database)
{
	timers_clear(&database->loop->timers, &database->retry);
	sql_close(database->sql);
	database->sql = NULL;
	arena_free(&database->arena);
}

void database_reopen(struct database *database)
{
	timers_clear(&database->loop->timers, &database->retry);
	sql_close(database->sql);
	database->sql = NULL;
	try_open(database);
}

bool database_is_open(const struct database *database)
{
	return database->sql != NULL;
}

enum err database_check(struct database *database, enum err err)
{
	if (database->sql == NULL)
		return ERR_DATABASE_UNAVAILABLE;
	ensure(sql_is_idle(database->sql));
	if (err != ERR_DATABASE_UNAVAILABLE && err != ERR_STORAGE_FULL && err != ERR_INTERNAL)
		return err;
	log_event(LOG_WARN, "database_lost", log_text("error", err_info(err)->name));
	sql_close(database->sql);
	database->sql = NULL;
	try_again_later(database);
	return ERR_DATABASE_UNAVAILABLE;
}

enum err database_sees_channel(void *owner, int64_t channel_id, int64_t user_id, bool *sees)
{
	struct database *database = owner;
	bool is_deleted;
	*sees = false;
	if (database->sql == NULL)
		return ERR_DATABASE_UNAVAILABLE;
	enum err err = perm_sees_channel(database->sql, &database->arena, channel_id, user_id, sees, &is_deleted);
	arena_reset(&database->arena);
	return database_check(database, err);
}

enum err database_reads_history(void *owner, int64_t channel_id, int64_t user_id, bool *reads)
{
	struct database *database = owner;
	uint64_t bits;
	*reads = false;
	if (database->sql == NULL)
		return ERR_DATABASE_UNAVAILABLE;
	enum err err = perm_of_channel(database->sql, &database->arena, channel_id, user_id, &bits);
	arena_reset(&database->arena);
	*reads = err == ERR_OK && perm_has(bits, PERM_READ_HISTORY);
	return database_check(database, err == ERR_UNKNOWN_CHANNEL ? ERR_OK : err);
}

enum err database_is_member(void *owner, int64_t guild_id, int64_t user_id, bool *is_member)
{
	struct database *database = owner;
	uint64_t bits;
	*is_member = false;
	if (database->sql == NULL)
		return ERR_DATABASE_UNAVAILABLE;
	enum err err = perm_of_guild(database->sql, &database->arena, guild_id, user_id, &bits);
	arena_reset(&database->arena);
	*is_member = err == ERR_OK;
	return database_check(database, err == ERR_UNKNOWN_GUILD ? ERR_OK : err);
}

enum err database_thread_parent(void *owner, int64_t channel_id, int64_t *parent_id)
{
	struct database *database = owner;
	*parent_id = 0;
	if (database->sql == NULL)
		return ERR_DATABASE_UNAVAILABLE;
	return database_check(database, thread_parent(database->sql, channel_id, parent_id));
}

enum err database_may(void *owner, const struct event *event, int64_t user_id, uint64_t needed, bool *may)
{
	struct database *database = owner;
	uint64_t bits;
	*may = false;
	if (database->sql == NULL)
		return ERR_DATABASE_UNAVAILABLE;
	enum err err = event->channel_id != 0
			   ? perm_of_channel(database->sql, &database->arena, event->channel_id, user_id, &bits)
			   : perm_of_guild(database->sql, &database->arena, event->guild_id, user_id, &bits);
	arena_reset(&database->arena);
	*may = err == ERR_OK && perm_has(bits, needed);
	return database_check(database, err == ERR_UNKNOWN_CHANNEL || err == ERR_UNKNOWN_GUILD ? ERR_OK : err);
}

enum err database_session_is_live(struct database *database, int64_t session_id, int64_t user_id)
{
	struct session session;
	if (database->sql == NULL)
		return ERR_DATABASE_UNAVAILABLE;
	return database_check(database,
			      session_find_live(database->sql, session_id, user_id, clock_now_ms(), &session));
}
