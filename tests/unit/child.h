/* Runs a part of a test in a child process: what ends the program, or writes to stderr, can be looked at from outside.
 */
#ifndef SNUG_TESTS_CHILD_H
#define SNUG_TESTS_CHILD_H

#include "base/buf.h"
#include "base/ensure.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Returns the wait status of the child that ran body; what it wrote to stderr is appended to out. */
static inline int child_run(void (*body)(void), struct buf *out)
{
	char piece[4096];
	int pipe_fds[2];
	int status = -1;
	ssize_t n;
	pid_t child;

	ensure(pipe(pipe_fds) == 0);
	child = fork();
	ensure(child >= 0);
	if (child == 0) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
		dup2(pipe_fds[1], STDERR_FILENO);
		close(pipe_fds[0]);
		close(pipe_fds[1]);
		body();
		_exit(0);
	}
	close(pipe_fds[1]);
	while ((n = read(pipe_fds[0], piece, sizeof piece)) > 0)
		buf_put(out, piece, (size_t)n);
	close(pipe_fds[0]);
	ensure(waitpid(child, &status, 0) == child);
	return status;
}

#endif
