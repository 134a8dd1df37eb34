/* What the store does for itself between groups: it drops old events, deletes expired sessions and takes the messages
 * of deleted channels from the disk, a few at a time, so that nobody waits for it. */
#ifndef SNUG_STORE_HOUSE_H
#define SNUG_STORE_HOUSE_H

#include "sql/sql.h"

/* Does a bounded part in one transaction, or nothing when that fails. *is_done is false when more of it is waiting. */
enum err house_keep(struct sql *db, int64_t events_keep, bool *is_done) MUST_USE;

#endif
