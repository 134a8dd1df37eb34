/* Taking files from the disk. The database says first that a file is gone, and the bytes follow in a later transaction:
 * a row whose bytes are missing would be a loss, bytes without a row are only room. */
#include "domain/file/file.h"
#include "domain/file/file_disk.h"
#include "domain/job/job.h"

#include <string.h>

enum {
	AT_ONCE = 32,
	/* Of a folder: nearly all that stands there is known and stays, and must not hide what is not. */
	LOOKED_AT_MAX = 8192,
	SWEEP_EVERY_S = 16,
	OLD_MS = 3600 * 1000,
	DROP_AFTER_MS = 5000,
};

struct removal {
	char hash[FILE_HASH_SIZE];
	const char *object;
};

static enum err remove_object(struct apply *apply, const char *object)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_text(&jw, "key", object);
	jw_object_end(&jw);
	return job_add(apply, JOB_KIND_FILE_REMOVE, (struct str){payload->p, payload->n}, apply->now_ms);
}

/* One step of one removal: the row goes; the next time, when that is on the disk, the bytes do. A file that somebody
 * uploaded again in between stays. */
static enum err step(struct apply *apply, const struct removal *removal)
{
	struct sql_stmt *stmt;
	bool is_shown = false, has_row = false;
	const char *object = NULL;
	TRY(sql_start(apply->db, QUERY_FILE_REMOVAL_STATE, SQL_ARGS(sql_text(removal->hash)), &stmt));
	if (sql_step(stmt)) {
		is_shown = sql_column_int(stmt, 0) != 0;
		has_row = !sql_column_is_null(stmt, 1);
		object = sql_column_text(stmt, 1, apply->arena);
	}
	TRY(sql_finish(stmt));
	if (has_row && !is_shown) {
		TRY(sql_run(apply->db, QUERY_FILE_DELETE, SQL_ARGS(sql_text(removal->hash)), NULL));
		return sql_run(apply->db, QUERY_FILE_REMOVAL_SET_OBJECT,
			       SQL_ARGS(sql_text(removal->hash), sql_text(object[0] != '\0' ? object : NULL)), NULL);
	}
	if (!has_row)
		file_disk_remove(removal->hash);
	if (removal->object != NULL)
		TRY(remove_object(apply, removal->object));
	return sql_run(apply->db, QUERY_FILE_REMOVAL_DELETE, SQL_ARGS(sql_text(removal->hash)), NULL);
}

static enum err remove_some(struct apply *apply, bool *is_done)
{
	struct removal *list = arena_alloc(apply->arena, AT_ONCE * sizeof(*list));
	struct sql_stmt *stmt;
	int count = 0;
	TRY(sql_start(apply->db, QUERY_FILE_REMOVAL_LIST, SQL_ARGS(sql_int(AT_ONCE)), &stmt));
	while (count < AT_ONCE && sql_step(stmt)) {
		size_t n;
		const char *hash = sql_column_borrow(stmt, 0, &n);
		if (n != FILE_HASH_SIZE - 1)
			continue;
		memcpy(list[count].hash, hash, FILE_HASH_SIZE);
		list[count++].object = sql_column_text(stmt, 1, apply->arena);
	}
	TRY(sql_finish(stmt));
	*is_done = count == 0;
	for (int i = 0; i < count; i++)
		TRY(step(apply, &list[i]));
	return ERR_OK;
}

/* What S3 holds by now. Some seconds later than it is known, so that a download that was sent here before finds it. */
static enum err drop_copies(struct apply *apply)
{
	struct sql_stmt *stmt;
	const char *list[AT_ONCE];
	int count = 0;
	TRY(sql_start(apply->db, QUERY_FILE_LIST_TO_DROP,
		      SQL_ARGS(sql_int(apply->now_ms - DROP_AFTER_MS), sql_int(AT_ONCE)), &stmt));
	while (count < AT_ONCE && sql_step(stmt))
		list[count++] = sql_column_text(stmt, 0, apply->arena);
	TRY(sql_finish(stmt));
	for (int i = 0; i < count; i++) {
		TRY(sql_run(apply->db, QUERY_FILE_SET_DROPPED, SQL_ARGS(sql_text(list[i])), NULL));
		file_disk_remove_content(list[i]);
	}
	return ERR_OK;
}

/* Bytes that no row knows: of an operation that was undone after its file was placed. */
static enum err collect(struct apply *apply, int folder)
{
	char(*list)[FILE_DISK_ENTRY_SIZE] = arena_alloc(apply->arena, LOOKED_AT_MAX * FILE_DISK_ENTRY_SIZE);
	int count = file_disk_list_old(folder, apply->now_ms - OLD_MS, list, LOOKED_AT_MAX);
	for (int i = 0; i < count; i++) {
		int64_t is_known = 0;
		char *ending = strchr(list[i], '.');
		if (ending != NULL)
			*ending = '\0';
		if (!file_hash_is_valid(list[i]))
			continue; /* none of ours */
		TRY(sql_find_int(apply->db, QUERY_FILE_IS_KNOWN, SQL_ARGS(sql_text(list[i])), &is_known));
		if (!is_known)
			file_disk_remove(list[i]);
	}
	return ERR_OK;
}

enum err file_collect(struct apply *apply, int folder)
{
	file_disk_sweep_incoming(apply->now_ms - OLD_MS);
	return collect(apply, folder);
}

/* All folders are looked at within a bit more than an hour. */
enum err file_keep_house(struct apply *apply, bool *is_done)
{
	int64_t now_s = apply->now_ms / 1000;
	TRY(remove_some(apply, is_done));
	TRY(drop_copies(apply));
	if (now_s % SWEEP_EVERY_S == 0)
		TRY(file_collect(apply, (int)(now_s / SWEEP_EVERY_S % FILE_DISK_FOLDERS)));
	return ERR_OK;
}
