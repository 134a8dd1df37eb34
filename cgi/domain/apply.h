/* What an apply function works with. Apply functions run in snug-store alone: an error undoes all they did in the
 * database, after which the ops before them may be executed anew: what they do outside of it, such as placing a file,
 * may be done twice. They check permission themselves, whatever the front has checked: the front is a courtesy, apply
 * is the law. */
#ifndef SNUG_DOMAIN_APPLY_H
#define SNUG_DOMAIN_APPLY_H

#include "base/arena.h"
#include "base/config.h"
#include "base/field.h"
#include "base/id.h"
#include "sql/sql.h"
#include "json/jw.h"

#include <stdbool.h>

/* Who may send an op: the socket a caller connected to. */
enum op_role { OP_ROLE_WEB = 1, OP_ROLE_API = 2, OP_ROLE_LIVE = 4, OP_ROLE_CLI = 8, OP_ROLE_WORKER = 16 };

struct search_queue;

struct apply {
	struct sql *db;
	struct arena *arena; /* reset after the op */
	const struct config *config;
	struct id_source *ids;
	int64_t *last_seq;           /* the highest event seq given out */
	struct search_queue *search; /* what the index of messages is told at the end of the transaction */
	int64_t now_ms;
	enum op_role role;
	int64_t actor_id;           /* 0: nobody is logged in */
	int64_t session_id;         /* the session or token that the actor uses; 0 on the command line */
	const char *reason;         /* what the actor says why, for the audit log; NULL when nothing */
	const char *address;        /* where the caller is; NULL when unknown, as on the command line */
	struct field_errors errors; /* details of ERR_INVALID_FORM */
	int64_t retry_after_ms;     /* detail of ERR_RATE_LIMITED */
	bool is_again;              /* it was executed before and undone for another's sake: the log has it already */
	bool has_added_jobs;        /* set by job_add: snug-worker is woken once this is on disk */
	bool keeps_changes;         /* set before returning an error whose changes must stay (a revoked family) */
};

/* Writes the members of the op's result object into result; input is the struct that the op's field table describes. */
typedef enum err apply_function(struct apply *apply, const void *input, struct jw *result);

#endif
