/* What the store does for itself between groups: it drops old events, deletes expired sessions, ends temporary
 * memberships, sends what was to be sent later, takes from the disk what was deleted, and more (house.c lists it), a
 * little of each at a time, so that nobody waits for it. */
#ifndef SNUG_STORE_HOUSE_H
#define SNUG_STORE_HOUSE_H

#include "store/ops.h"

/* Takes each step once: a bounded part of its work in one transaction, or nothing of it when that fails, which is
 * logged; such a step waits some seconds until it is tried again. *is_done is false when a step that went well has
 * more to do. Returns the error of the first that failed. Where events were appended, engine->last_seq has risen: the
 * caller rings the feed. */
enum err house_keep(struct op_engine *engine, int64_t events_keep, bool *is_done) MUST_USE;

#endif
