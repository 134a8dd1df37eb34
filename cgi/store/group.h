/* Group commit: the ops that are waiting become one transaction with one flush, and are answered once it is on disk. */
#ifndef SNUG_STORE_GROUP_H
#define SNUG_STORE_GROUP_H

#include "store/ops.h"

enum { GROUP_MAX = 256 };

struct group_item {
	int fd; /* who asked; the caller's to interpret */
	enum op_role role;
	struct buf request, reply; /* some memory is kept from group to group */
};

struct group {
	struct group_item items[GROUP_MAX];
	int count;
	int64_t flush_us; /* how long the last commit took */
	/* Of the transaction that is open while some are executed and not committed. */
	int executed;
	bool is_guarded; /* each op has a savepoint, since one of them needs it; */
	int repeated;    /* so many were executed before that was known */
	enum err err;
	int64_t seq_before;
};

/* The next free item, its buffers cleared; NULL when the group is full. */
struct group_item *group_add(struct group *group);

/* The item of that caller, NULL when the group has none. */
struct group_item *group_find(struct group *group, int fd);

/* Executes what was added since the last time, in the group's transaction, which the first begins: so that the work is
 * done while others are on their way, and only the flush is left. Nobody is answered, and nothing else may be written,
 * before group_commit. */
void group_execute(struct group *group, struct op_engine *engine);

/* Executes what is left and commits the group. Afterwards every item has its reply: the op's own, or ERR_STORAGE_FULL
 * or ERR_STORE_UNAVAILABLE when the transaction failed, and then nothing of the group was saved. */
void group_commit(struct group *group, struct op_engine *engine);

/* Gives every item the same error without trying. */
void group_refuse(struct group *group, enum err err);

#endif
