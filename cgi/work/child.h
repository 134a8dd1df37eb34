/* A child that does one dangerous thing: it reads a stranger's bytes or speaks to a stranger's server. It is another
 * program, so that nothing of this one's memory is in it; it gets its question as stdin and writes its answer to
 * stdout, both memory without a name, and its verdict is its exit status. It has an empty environment, no other
 * descriptor, little memory and time, and ends with this process at the latest. */
#ifndef SNUG_WORK_CHILD_H
#define SNUG_WORK_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Exit statuses of the children. */
enum child_verdict {
	CHILD_DONE = 0,
	CHILD_FAILED = 1,    /* itself: a programmer's error, or killed */
	CHILD_REFUSED = 2,   /* what was asked is of no use: never ask again */
	CHILD_TOO_LARGE = 3, /* refused for its size */
	CHILD_LATER = 4,     /* what was asked may succeed later */
	CHILD_ELSEWHERE = 5, /* the same, and whatever else is asked of that server would fail as well */
};

struct child_limits {
	int64_t memory_bytes, answer_bytes;
	int cpu_s, descriptors;
	int64_t wall_ms;
};

struct child {
	pid_t pid;  /* 0: none */
	int pidfd;  /* readable once it has ended */
	int answer; /* memfd, sealed by child_end */
	int64_t kill_at_ms;
	bool is_killed; /* by child_turn, for its lateness */
};

/* Starts a program (its descriptor, its name, one argument or NULL) with question as its stdin, which stays the
 * caller's. False with errno, and child->pid is 0. */
bool child_start(struct child *child, int program, const char *name, const char *argument, int question,
		 const struct child_limits *limits);

/* The same with a file beside the question, which the program finds as CHILD_FILE_FD; -1: none. */
enum { CHILD_FILE_FD = 4 };
bool child_start_with_file(struct child *child, int program, const char *name, int question, int file,
			   const struct child_limits *limits);

/* Whether it has ended; then *verdict says how, its answer is sealed, and the child is to be closed. Kills the late. */
bool child_has_ended(struct child *child, enum child_verdict *verdict);

void child_kill(struct child *child); /* and waits for its end; fine for none */
void child_close(struct child *child);

#endif
