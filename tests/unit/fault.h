/* Disks that fill up, fail, and lose power. A test that uses these gets write, pwrite64, ftruncate64, fdatasync and
 * fsync from here, for SQLite as well: they do what the kernel's do until the moment that was set. Only files count,
 * not pipes, sockets or the log on stderr. */
#ifndef SNUG_TESTS_FAULT_H
#define SNUG_TESTS_FAULT_H

#include <stdbool.h>

enum fault_kind {
	FAULT_FULL,  /* ENOSPC, nothing is written */
	FAULT_SHORT, /* half of it is written; the next call finds no room */
	FAULT_IO,    /* EIO */
	FAULT_KILL,  /* the process ends in the middle: half of it is written */
	FAULT_POWER, /* the process ends, and of what was not flushed some is on the disk and some is not */
};

enum { FAULT_EXIT_STATUS = 42 }; /* of a process that FAULT_KILL or FAULT_POWER ended */

/* The at-th call from now on, 1 being the next one, goes wrong; with lasts all later ones do too. */
void fault_arm(enum fault_kind kind, int at, bool lasts);

/* From now on nothing goes wrong. Returns how many calls there were since fault_arm. */
int fault_disarm(void);

/* Which of the writes that were not flushed are lost; another seed loses others. */
void fault_seed(unsigned seed);

#endif
