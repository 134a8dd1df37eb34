/* The programs of an instance as rows: what each runs, as whom, and what it is handed. */
#ifndef SNUG_RUN_PROGRAM_H
#define SNUG_RUN_PROGRAM_H

#include "run/run.h"

#include <sys/types.h>

/* In the order in which they start; they stop the other way round. snug-admin and snug-lua take their places behind
 * RUN_PROGRAM_LIVE. */
enum run_program {
	RUN_PROGRAM_STORE,
	RUN_PROGRAM_LIVE,
	RUN_PROGRAM_WORKER,
	RUN_PROGRAM_API,
	RUN_PROGRAM_API_PASSWORD,
	RUN_PROGRAM_WEB,
	RUN_PROGRAM_WEB_PASSWORD,
	RUN_PROGRAM_LIGHTTPD,
	RUN_PROGRAM_COUNT,
};

const char *run_program_name(enum run_program program);

/* Starts it. ready_fd is handed to the store (-1: nobody asks). The pid, or -1 with errno. */
pid_t run_program_start(const struct run *run, enum run_program program, int ready_fd);

/* Lets lighttpd read its configuration, modules and certificate and end: whether it would start. On failure it has said
 * why on stderr. */
bool run_program_lighttpd_accepts(const struct run *run);

#endif
