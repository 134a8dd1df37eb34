/* Keeps the programs of an instance running, and ends all of them. */
#ifndef SNUG_RUN_SUPERVISE_H
#define SNUG_RUN_SUPERVISE_H

#include "run/run.h"

/* Starts the programs, says where people find them, and returns the exit status after SIGTERM or SIGINT, when no
 * process that was started is left, 9 s later at most. */
int run_supervise(struct run *run);

#endif
