/* The table of ops and the execution of one: decode, check the sender, apply, undo what failed. Store only. */
#ifndef SNUG_STORE_OPS_H
#define SNUG_STORE_OPS_H

#include "domain/apply.h"
#include "domain/search/search_queue.h"
#include "store/submit.h"

/* House-keeping's steps that failed wait until then (monotonic); house.h. */
enum { HOUSE_STEPS = 11 };
struct house_pauses {
	int64_t retry_at_ms[HOUSE_STEPS];
};

/* What stays the same from op to op. */
struct op_engine {
	struct sql *db;
	const struct config *config;
	struct id_source ids;
	int64_t last_seq;           /* the highest event seq in the current transaction or on disk */
	bool has_added_jobs;        /* set here, cleared by whoever wakes the worker */
	bool is_again;              /* the next op was executed before, and that was undone for another's sake */
	struct search_queue search; /* of the ops in the current transaction */
	struct house_pauses house;
	struct arena arena; /* reset after each op */
};

/* Executes one request (the text of a message) that came over a socket of this role, within the open transaction, and
 * writes the reply's text. Failed ops leave no trace but the reply, unless apply said that their changes stay.
 * Whatever becomes of the op, ERR_OK means that the transaction goes on; otherwise it is of no use any more:
 * ERR_STORAGE_FULL or ERR_DATABASE_UNAVAILABLE. */
enum err op_execute(struct op_engine *engine, enum op_role role, const char *request, size_t n,
		    struct buf *reply) MUST_USE;

/* The same without a savepoint, which costs a small op a tenth of its time: the database keeps the pages as they were
 * before each. An op that failed after it had written says so in *has_left_rows; then nothing of the transaction may be
 * saved, and what it held is executed anew with op_execute. */
enum err op_execute_unguarded(struct op_engine *engine, enum op_role role, const char *request, size_t n,
			      struct buf *reply, bool *has_left_rows) MUST_USE;

/* Does what the ops of a transaction left for its end: before it is committed. Errors: as op_execute. */
enum err op_settle(struct op_engine *engine) MUST_USE;

/* Writes the reply of an op that failed. */
void op_reply_error(struct buf *reply, enum err err, const struct field_errors *errors, int64_t retry_after_ms);

#endif
