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
};

/* The next free item, its buffers cleared; NULL when the group is full. */
struct group_item *group_add(struct group *group);

/* The item of that caller, NULL when the group has none. */
struct group_item *group_find(struct group *group, int fd);

/* Commits the group. Afterwards every item has its reply: the op's own, or ERR_STORAGE_FULL or
 * ERR_STORE_UNAVAILABLE when the transaction failed, and then nothing of the group was saved. */
void group_commit(struct group *group, struct op_engine *engine);

/* Gives every item the same error without trying. */
void group_refuse(struct group *group, enum err err);

#endif
