/* Starting one program: a process group of its own, just the descriptors it is to have, its own user, and an end that
 * comes with ours. The file was opened when snug run started, so a build beside a running instance does not mix
 * versions. */
#ifndef SNUG_RUN_SPAWN_H
#define SNUG_RUN_SPAWN_H

#include "run/run_owner.h"

#include <stdbool.h>
#include <stddef.h>

/* Numbers that a program expects, kept free in this process. */
enum { RUN_SPAWN_FIXED = 3, RUN_SPAWN_FIXED_COUNT = 4 };

struct run_spawn {
	int binary_fd;
	char *const *arguments;   /* argv, ends in NULL */
	char *const *environment; /* ends in NULL */
	const int *inherited;     /* descriptors that stay open under their numbers */
	size_t inherited_count;
	int fixed[RUN_SPAWN_FIXED_COUNT]; /* descriptors that become 3, 4, 5 and 6; -1: none */
	bool is_activated; /* told by LISTEN_PID and LISTEN_FDS that 3 is its socket (sd_listen_fds(3)) */
	int folder_fd;     /* its working directory; -1: ours */
	int niceness;      /* more than ours; less, where we may (nice(2)) */
	const struct run_owners *owners;
	enum run_owner owner;
};

/* Once, before anything else is opened: 0 to 2 are open, 3 to 6 are taken, and nothing that was inherited goes on. */
void run_spawn_reserve_descriptors(void);

/* The pid, or -1 with errno. What goes wrong after the fork is told on stderr and ends the child with 127. */
pid_t run_spawn(const struct run_spawn *what);

#endif
