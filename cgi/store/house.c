#include "store/house.h"

#include "base/clock.h"
#include "domain/channel/channel.h"
#include "domain/event/event.h"
#include "domain/guild/guild.h"
#include "domain/job/job.h"
#include "domain/password/password.h"

static enum err prune_expire_purge(struct sql *db, int64_t events_keep, bool *is_done)
{
	bool is_pruned, is_purged;
	TRY(event_prune(db, events_keep, &is_pruned));
	TRY(sql_run(db, QUERY_SESSION_DELETE_EXPIRED, SQL_ARGS(sql_int(clock_now_ms())), NULL));
	TRY(password_reset_prune(db, clock_now_ms()));
	TRY(job_prune(db, clock_now_ms()));
	TRY(channel_purge(db, &is_purged));
	if (is_purged)
		TRY(guild_purge(db, &is_purged));
	*is_done = is_pruned && is_purged;
	return ERR_OK;
}

enum err house_keep(struct sql *db, int64_t events_keep, bool *is_done)
{
	*is_done = true;
	enum err err = sql_run(db, QUERY_TRANSACTION_BEGIN_WRITE, SQL_NO_ARGS, NULL);
	if (err == ERR_OK)
		err = prune_expire_purge(db, events_keep, is_done);
	if (err == ERR_OK)
		err = sql_run(db, QUERY_TRANSACTION_COMMIT, SQL_NO_ARGS, NULL);
	if (sql_in_transaction(db))
		err_ignore(sql_run(db, QUERY_TRANSACTION_ROLLBACK, SQL_NO_ARGS, NULL)); /* the next BEGIN tells */
	return err;
}
