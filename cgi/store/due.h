/* Sends the messages whose time has come: domain/scheduled. Part of housekeeping. */
#ifndef SNUG_STORE_DUE_H
#define SNUG_STORE_DUE_H

#include "domain/apply.h"

/* Sends a bounded number of them in the current transaction, each as its author would post it; what is refused changes
 * nothing but its own row. house is left as it was but for last_seq and has_added_jobs. */
enum err due_send(struct apply *house, bool *is_done) MUST_USE;

#endif
