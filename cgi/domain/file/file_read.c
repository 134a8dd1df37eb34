/* Reading files: one that is to be served, and how much room there is for more. */
#include "domain/file/file.h"

enum err file_find(struct sql *db, struct arena *arena, int64_t channel_id, int64_t attachment_id, struct file *out)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_FILE_FIND, SQL_ARGS(sql_id(attachment_id), sql_id(channel_id)), &stmt));
	bool is_found = sql_step(stmt);
	if (is_found)
		*out = (struct file){
		    .message_id = sql_column_int(stmt, 0),
		    .hash = sql_column_text(stmt, 1, arena),
		    .type = sql_column_text(stmt, 2, arena),
		    .name = sql_column_text(stmt, 3, arena),
		    .object = sql_column_text(stmt, 4, arena),
		    .size = sql_column_int(stmt, 5),
		    .has_thumbnail = sql_column_int(stmt, 6) != 0,
		};
	TRY(sql_finish(stmt));
	return is_found ? ERR_OK : ERR_NOT_FOUND;
}

static int64_t left_of(int64_t quota_mb, int64_t used_bytes)
{
	int64_t quota_bytes = quota_mb * 1024 * 1024;
	if (quota_mb == 0)
		return INT64_MAX;
	return used_bytes < quota_bytes ? quota_bytes - used_bytes : 0;
}

enum err file_room(struct sql *db, const struct config *config, int64_t user_id, struct file_room *out)
{
	struct sql_stmt *stmt;
	int64_t person_bytes = 0, instance_bytes = 0;
	TRY(sql_start(db, QUERY_FILE_USAGE, SQL_ARGS(sql_int(user_id)), &stmt));
	if (sql_step(stmt)) {
		person_bytes = sql_column_int(stmt, 0);
		instance_bytes = sql_column_int(stmt, 1);
	}
	TRY(sql_finish(stmt));
	out->person_bytes = left_of(config_int(config, CONFIG_FILES_QUOTA_PERSON_MB), person_bytes);
	out->instance_bytes = left_of(config_int(config, CONFIG_FILES_QUOTA_MB), instance_bytes);
	return ERR_OK;
}

enum err file_scheduled_count(struct sql *db, int64_t scheduled_id, int64_t *count)
{
	return sql_find_int(db, QUERY_SCHEDULED_FILE_COUNT, SQL_ARGS(sql_id(scheduled_id)), count);
}
