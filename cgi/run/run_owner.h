/* Which user each program becomes. As root: numeric ids from uid_base on, one a program, for which no accounts are
 * made. Those who read the database share one group; lighttpd, which meets strangers first, is not in it. As anybody
 * else: one user. */
#ifndef SNUG_RUN_OWNER_H
#define SNUG_RUN_OWNER_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The order is the offset from uid_base and stands on disk as owners of files: append only. */
enum run_owner {
	RUN_OWNER_STORE, /* owns the data folder */
	RUN_OWNER_WEB,
	RUN_OWNER_API,
	RUN_OWNER_LIVE,
	RUN_OWNER_LIGHTTPD,
	RUN_OWNER_WORKER,
	RUN_OWNER_COUNT,
};

struct run_owners {
	bool is_root; /* programs get users of their own */
	uid_t uids[RUN_OWNER_COUNT];
	gid_t gids[RUN_OWNER_COUNT];
};

void run_owners_init(struct run_owners *owners, int64_t uid_base);

/* In a child that is about to exec: becomes that user for good, with no other groups. False with errno. */
bool run_owner_become(const struct run_owners *owners, enum run_owner owner);

#endif
