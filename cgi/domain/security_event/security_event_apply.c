/* Noting security events. */
#include "base/ensure.h"
#include "base/id.h"
#include "base/log.h"
#include "domain/security_event/security_event.h"

static const struct {
	enum log_level level;
	bool is_reportable;
} rows[] = {
#define SECURITY(name, text, level, is_reportable) {level, is_reportable},
#include "domain/security_event/security_event.def"
#undef SECURITY
};
_Static_assert(sizeof(rows) / sizeof(rows[0]) == SECURITY_KIND_COUNT, "one row a kind");

/* The bound is kept with each new row: there is at most one to drop then, and nothing is left for housekeeping. */
static enum err insert(struct apply *apply, enum security_kind kind, int64_t user_id, const char *detail)
{
	const char *name = security_kind_name(kind);
	int64_t id = id_next(apply->ids, apply->now_ms);
	TRY(sql_run(apply->db, QUERY_SECURITY_EVENT_INSERT,
		    SQL_ARGS(sql_id(id), sql_text(name), sql_id(user_id), sql_text(apply->address), sql_text(detail)),
		    NULL));
	return sql_run(apply->db, QUERY_SECURITY_EVENT_PRUNE, SQL_ARGS(sql_text(name), sql_int(SECURITY_EVENTS_KEEP)),
		       NULL);
}

enum err security_event_add(struct apply *apply, enum security_kind kind, int64_t user_id, const char *detail)
{
	ensure((unsigned)kind < SECURITY_KIND_COUNT);
	if (!apply->is_again)
		log_event(rows[kind].level, security_kind_name(kind), log_number("user_id", user_id),
			  log_number("actor_id", apply->actor_id), log_number("session_id", apply->session_id),
			  log_text("address", apply->address), log_text("detail", detail));
	return insert(apply, kind, user_id, detail);
}

enum err security_event_is_told(struct apply *apply, enum security_kind kind, int64_t user_id, bool *is_told)
{
	int64_t count;
	TRY(sql_find_int(apply->db, QUERY_SECURITY_EVENT_COUNT_OF_USER,
			 SQL_ARGS(sql_id(user_id), sql_text(security_kind_name(kind)),
				  sql_int(id_first_at(apply->now_ms - SECURITY_TOLD_IN_MS)), sql_int(SECURITY_TOLD_MAX + 1)),
			 &count));
	*is_told = count <= SECURITY_TOLD_MAX;
	return ERR_OK;
}

enum err security_event_report_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct security_event_report_input *in = input;
	enum security_kind kind = security_kind_from_name(in->kind);
	(void)result;
	if (kind == SECURITY_KIND_COUNT || !rows[kind].is_reportable)
		return ERR_INVALID_FORM;
	return insert(apply, kind, in->user_id, in->detail);
}
