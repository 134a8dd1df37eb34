/* A database in a temporary folder and people who send ops to it, as snug-store would execute them. Every op is a
 * transaction of its own; an op that fails is checked to have left the database as it was and last_seq where it stood.
 * What goes wrong in here ends the test program. */
#ifndef SNUG_TESTS_OPS_FIXTURE_H
#define SNUG_TESTS_OPS_FIXTURE_H

#include "domain/event/event.h"
#include "ops_fingerprint.h"
#include "store/ops.h"
#include "json/json.h"

struct person {
	int64_t id, session_id;
	enum op_role role; /* of the socket that this person's programs speak through */
};

struct ops {
	char folder[64], path[96]; /* of the temporary folder and of the database in it */
	struct config config;
	struct op_engine engine;
	struct arena arena;  /* of the test */
	struct buf reply;    /* the last one's text */
	json_t *result;      /* its result, NULL when it failed; until the next op */
	json_t *errors;      /* its details, NULL when it has none; until the next op */
	bool keeps_on_error; /* the next op may fail and change something */
	bool is_quick;       /* failed ops are not checked for traces: for thousands of them */
	struct person ada;   /* owns the workspace */
	int64_t guild_id, general_id;
};

/* A path below TMPDIR, which need not be given: then below /dev/shm, or /tmp where there is none. Made anew. */
void ops_folder(char out[64]);
void ops_folder_remove(const char *folder);

void ops_open(struct ops *ops);  /* an empty database */
void ops_setup(struct ops *ops); /* with ada, her workspace and #general */
void ops_close(struct ops *ops);

/* Closes the database alone, so that nobody here has it open: its files may be changed, and opened anew as engine.db.
 */
void ops_close_database(struct ops *ops);

/* Executes one op; in (taken, may be NULL) is its input. who may be NULL: nobody, over the API's socket. */
enum err ops_run(struct ops *ops, const struct person *who, const char *op, json_t *in);

/* What the store's house-keeping works with, for calling a part of it alone; op_settle ends it. */
struct apply ops_apply(struct ops *ops);

/* The same with the text of the whole request. */
enum err ops_run_text(struct ops *ops, enum op_role role, const char *request, size_t n);

#define assert_op(ops, who, op, in, expected)                                                                          \
	assert_string_equal(err_info(ops_run(ops, who, op, in))->name, err_info(expected)->name)

/* An account that joined the workspace by an invite. */
struct person ops_join(struct ops *ops, const char *name);

/* An input for user_register, without invite and workspace; the digests of ops are made from a counter. */
json_t *ops_register_input(struct ops *ops, const char *name);
const char *ops_digest(struct ops *ops);

int64_t ops_result_id(const struct ops *ops, const char *object,
		      const char *key); /* object NULL: of the result itself */
int64_t ops_channel(struct ops *ops, const struct person *who, const char *name);
int64_t ops_message(struct ops *ops, const struct person *who, int64_t channel_id, const char *content);
const char *ops_invite(struct ops *ops, const struct person *who, json_int_t max_uses); /* its code */

/* Gives a member a role of its own with these permissions. */
void ops_grant(struct ops *ops, const struct person *who, uint64_t bits);

/* SQL on the engine's connection, for what no op can bring about, and the first column of a query's first row. */
void ops_sql(struct ops *ops, const char *format, ...) __attribute__((format(printf, 2, 3)));
int64_t ops_int(struct ops *ops, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *ops_text(struct ops *ops, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The code of the first complaint about a field in the last reply's errors; NULL when there is none. */
const char *ops_complaint(const struct ops *ops, const char *field);

/* A JSON object from text in which ' stands for ". */
json_t *ops_json(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The fingerprint as the engine's connection sees the database, inside its transaction. */
uint64_t ops_fingerprint_inside(struct ops *ops);

/* The events after a seq, all of them, in the test's arena. */
struct event *ops_events(struct ops *ops, int64_t after, int *count);

/* Text of count copies of a character. */
const char *ops_repeat(struct ops *ops, const char *character, size_t count);

/* A generator of random numbers that gives the same ones in every run. */
struct ops_random {
	uint64_t state;
};
uint32_t ops_below(struct ops_random *random, uint32_t bound);

#endif
