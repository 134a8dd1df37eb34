/* Reading jobs. */
#include "domain/job/job.h"

enum err job_next_run(struct sql *db, const char *kind, int64_t *run_at_ms)
{
	return sql_find_int(db, QUERY_JOB_NEXT_RUN, SQL_ARGS(sql_text(kind)), run_at_ms);
}

enum err job_list(struct sql *db, struct arena *arena, int max, struct job **out, int *count)
{
	struct job *list = arena_alloc(arena, (size_t)max * sizeof(*list));
	struct sql_stmt *stmt;
	int n = 0;
	TRY(sql_start(db, QUERY_JOB_LIST, SQL_ARGS(sql_int(max)), &stmt));
	while (n < max && sql_step(stmt)) {
		list[n++] = (struct job){
		    .id = sql_column_int(stmt, 0),
		    .kind = sql_column_text(stmt, 1, arena),
		    .run_at_ms = sql_column_int(stmt, 2),
		    .attempts = sql_column_int(stmt, 3),
		    .leased_until_ms = sql_column_int(stmt, 4),
		    .last_error = sql_column_text(stmt, 5, arena),
		    .dead_at_ms = sql_column_int(stmt, 6),
		};
	}
	*out = list;
	*count = n;
	return sql_finish(stmt);
}
