#include "store/restore.h"

#include "base/log.h"
#include "crypto/secret.h"
#include "domain/event/event.h"

#include <string.h>

enum err restore_find(const char *path, bool *is_restored)
{
	*is_restored = sql_is_copy(path);
	if (!*is_restored)
		return ERR_OK;
	enum err err = sql_copy_drop_log(path);
	if (err != ERR_OK)
		log_event(LOG_ERROR, "restore_failed",
			  log_text("why", "the log of the replaced database cannot be removed"));
	return err;
}

static int64_t random_start(void)
{
	struct secret random;
	int64_t start;
	secret_random(&random);
	memcpy(&start, random.bytes, sizeof(start));
	return 1 + (start & (EVENT_EPOCH_START_MAX - 1));
}

static enum err take_over(struct sql *db)
{
	TRY(sql_run(db, QUERY_TRANSACTION_BEGIN_WRITE, SQL_NO_ARGS, NULL));
	enum err err = event_begin_epoch(db, random_start());
	if (err == ERR_OK)
		err = sql_run(db, QUERY_PRAGMA_NO_COPY, SQL_NO_ARGS, NULL);
	if (err == ERR_OK)
		err = sql_run(db, QUERY_TRANSACTION_COMMIT, SQL_NO_ARGS, NULL);
	if (sql_in_transaction(db))
		err_ignore(sql_run(db, QUERY_TRANSACTION_ROLLBACK, SQL_NO_ARGS, NULL));
	TRY(err);
	return sql_copy_settle(db);
}

enum err restore_take_over(struct sql *db)
{
	enum err err = take_over(db);
	if (err == ERR_OK)
		log_event(LOG_INFO, "restored", log_text("from", "a backup in the place of snug.db"));
	else
		log_event(LOG_ERROR, "restore_failed",
			  log_text("why", "the copy cannot be taken over; does something read it?"),
			  log_text("err", err_info(err)->name));
	return err;
}
