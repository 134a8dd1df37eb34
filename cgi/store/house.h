/* What the store does for itself between groups: it drops old events, deletes expired sessions, ends temporary
 * memberships, sends what was to be sent later, and takes what deleted channels and workspaces held from the disk, a little at a time, so that nobody
 * waits for it. */
#ifndef SNUG_STORE_HOUSE_H
#define SNUG_STORE_HOUSE_H

#include "store/ops.h"

/* Does a bounded part in one transaction, or nothing when that fails. *is_done is false when more of it is waiting.
 * Where it appended events, engine->last_seq has risen: the caller rings the feed. */
enum err house_keep(struct op_engine *engine, int64_t events_keep, bool *is_done) MUST_USE;

#endif
