/* Reading the event log. */
#include "domain/event/event.h"
#include "domain/perm.h"

#include <string.h>

uint64_t event_needs(const char *type)
{
	static const struct {
		const char *type;
		uint64_t needed;
	} rows[] = {
	    {"INVITE_CREATE", PERM_MANAGE_CHANNELS},
	    {"INVITE_DELETE", PERM_MANAGE_CHANNELS},
	    {"GUILD_AUDIT_LOG_ENTRY_CREATE", PERM_VIEW_AUDIT_LOG},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].type, type) == 0)
			return rows[i].needed;
	}
	return 0;
}

enum err event_range(struct sql *db, struct event_range *out)
{
	struct sql_stmt *stmt;
	int64_t epoch = 0, pruned = 0, newest = 0;
	TRY(sql_start(db, QUERY_EVENT_RANGE, SQL_NO_ARGS, &stmt));
	if (sql_step(stmt)) {
		epoch = sql_column_int(stmt, 0);
		pruned = sql_column_int(stmt, 1);
		newest = sql_column_int(stmt, 2);
	}
	TRY(sql_finish(stmt));
	int64_t base = epoch << EVENT_EPOCH_SHIFT;
	if (pruned > base)
		base = pruned;
	out->oldest = base + 1;
	out->head = newest > base ? newest : base;
	return ERR_OK;
}

bool event_is_gap(const struct event_range *range, int64_t cursor)
{
	return cursor < range->oldest - 1 || cursor > range->head;
}

enum err event_list(struct sql *db, struct arena *arena, int64_t after, int limit, struct event *list, int *count)
{
	struct sql_stmt *stmt;
	*count = 0;
	TRY(sql_start(db, QUERY_EVENT_LIST_AFTER, SQL_ARGS(sql_int(after), sql_int(limit)), &stmt));
	while (*count < limit && sql_step(stmt)) {
		struct event *event = &list[*count];
		size_t n;
		const char *payload = sql_column_borrow(stmt, 6, &n);
		*event = (struct event){
		    .seq = sql_column_int(stmt, 0),
		    .type = sql_column_text(stmt, 1, arena),
		    .guild_id = sql_column_int(stmt, 2),
		    .channel_id = sql_column_int(stmt, 3),
		    .user_id = sql_column_int(stmt, 4),
		    .message_id = sql_column_int(stmt, 5),
		    .payload = arena_strndup(arena, payload == NULL ? "" : payload, n),
		    .payload_n = n,
		};
		(*count)++;
	}
	return sql_finish(stmt);
}
