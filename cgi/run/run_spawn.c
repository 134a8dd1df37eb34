#include "run/run_spawn.h"

#include "base/ensure.h"
#include "run/run_refuse.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EXIT_NOT_STARTED = 127 };

void run_spawn_reserve_descriptors(void)
{
	int fd;
	while ((fd = open("/dev/null", O_RDWR)) >= 0 && fd <= STDERR_FILENO)
		;
	if (fd >= 0)
		close(fd);
	(void)close_range(RUN_SPAWN_FIXED, ~0U, CLOSE_RANGE_CLOEXEC);
	for (int i = 0; i < RUN_SPAWN_FIXED_COUNT; i++) {
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
		if (fd >= 0 && fd != RUN_SPAWN_FIXED + i)
			(void)dup3(fd, RUN_SPAWN_FIXED + i, O_CLOEXEC);
		if (fd >= RUN_SPAWN_FIXED + RUN_SPAWN_FIXED_COUNT)
			close(fd);
	}
}

static bool hand_down(const struct run_spawn *what)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0)
		return false;
	for (int i = 0; i < RUN_SPAWN_FIXED_COUNT; i++)
		if (what->fixed[i] >= 0 && dup2(what->fixed[i], RUN_SPAWN_FIXED + i) < 0)
			return false;
	for (size_t i = 0; i < what->inherited_count; i++)
		if (fcntl(what->inherited[i], F_SETFD, 0) != 0)
			return false;
	return what->folder_fd < 0 || fchdir(what->folder_fd) == 0;
}

/* Signals are as at the start of a process, whatever this one has done with them. */
static void reset_signals(void)
{
	static const int changed[] = {SIGPIPE, SIGHUP, SIGINT, SIGTERM, SIGCHLD, SIGXFSZ};
	sigset_t none;
	for (size_t i = 0; i < sizeof changed / sizeof changed[0]; i++)
		(void)signal(changed[i], SIG_DFL);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The wish to end with the parent is lost when the user changes, so it comes after that; then the parent may be gone
 * already. */
static bool confine(const struct run_spawn *what, pid_t parent)
{
	(void)umask(0027);
	return run_owner_become(what->owners, what->owner) && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent;
}

static _Noreturn void child(const struct run_spawn *what, pid_t parent)
{
	(void)setpgid(0, 0);
	int niceness = nice(what->niceness);
	(void)niceness; /* users other than root cannot go before others, and do without */
	reset_signals();
	char *activated[2] = {0};
	char listen_pid[32];
	char listen_fds[] = "LISTEN_FDS=1";
	(void)snprintf(listen_pid, sizeof listen_pid, "LISTEN_PID=%d", (int)getpid());
	activated[0] = listen_pid;
	activated[1] = listen_fds;
	size_t n = 0;
	while (what->environment[n])
		n++;
	char **environment = ensure_calloc(n + 3, sizeof *environment);
	memcpy(environment, what->environment, n * sizeof *environment);
	if (what->is_activated)
		memcpy(environment + n, activated, sizeof activated);
	if (hand_down(what) && confine(what, parent))
		(void)fexecve(what->binary_fd, what->arguments, environment);
	(void)run_refuse("%s cannot be started as user %u: %s", what->arguments[0],
			 (unsigned)what->owners->uids[what->owner], strerror(errno));
	_exit(EXIT_NOT_STARTED);
}

pid_t run_spawn(const struct run_spawn *what)
{
	pid_t parent = getpid();
	pid_t pid = fork();
	if (pid == 0)
		child(what, parent);
	if (pid > 0)
		(void)setpgid(pid, pid); /* on both sides, so that it is done whoever runs first */
	return pid;
}
