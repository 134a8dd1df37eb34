#include "work/child.h"

#include "base/clock.h"
#include "base/ensure.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROGRAM_FD = 3 };
_Static_assert((int)CHILD_FILE_FD == (int)PROGRAM_FD + 1, "what is above the two is closed");

/* Empty, but that a sanitizer is told not to look for leaks: it may not, in there. */
#ifdef __SANITIZE_ADDRESS__
static char sanitizer_options[] = "ASAN_OPTIONS=detect_leaks=0";
#define ENVIRONMENT sanitizer_options,
#else
#define ENVIRONMENT
#endif

static bool limit(enum __rlimit_resource resource, int64_t most)
{
	const struct rlimit value = {.rlim_cur = (rlim_t)most, .rlim_max = (rlim_t)most};
	return setrlimit(resource, &value) == 0;
}

/* A sanitizer reserves terabytes of addresses and starts a process to look for leaks. */
static bool limit_all(const struct child_limits *limits)
{
#ifndef __SANITIZE_ADDRESS__
	if (!limit(RLIMIT_AS, limits->memory_bytes) || !limit(RLIMIT_NPROC, 0))
		return false;
#endif
	return limit(RLIMIT_CPU, limits->cpu_s) && limit(RLIMIT_FSIZE, limits->answer_bytes) &&
	       limit(RLIMIT_NOFILE, limits->descriptors) && limit(RLIMIT_CORE, 0);
}

static void reset_signals(void)
{
	sigset_t none;
	(void)signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Where memory runs out the kernel ends this child, and not the store. It is no failure when it cannot be told. */
static void offer_to_die_first(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	ssize_t written = write(fd, "1000", 4);
	(void)written;
	(void)close(fd);
}

/* The program's descriptor closes by itself once it runs. */
static bool arrange_descriptors(int program, int question, int answer, int file)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (file >= 0) {
		/* Both out of the way first: each may stand where another is to be. */
		program = fcntl(program, F_DUPFD_CLOEXEC, CHILD_FILE_FD + 1);
		if (program < 0 || dup2(file, CHILD_FILE_FD) < 0)
			return false;
	}
	return null >= 0 && dup2(question, STDIN_FILENO) >= 0 && dup2(answer, STDOUT_FILENO) >= 0 &&
	       dup2(null, STDERR_FILENO) >= 0 &&
	       (program == PROGRAM_FD ? fcntl(program, F_SETFD, FD_CLOEXEC) == 0
				      : dup3(program, PROGRAM_FD, O_CLOEXEC) >= 0) &&
	       close_range((unsigned)(file >= 0 ? CHILD_FILE_FD : PROGRAM_FD) + 1, ~0U, 0) == 0;
}

/* What a child is made of. */
struct birth {
	int program, question, answer, file;
	char *const *arguments;
	const struct child_limits *limits;
	pid_t parent;
};

static _Noreturn void become(const struct birth *birth)
{
	char *const environment[] = {ENVIRONMENT NULL};
	reset_signals();
	offer_to_die_first();
	/* The parent may have ended before the wish to end with it was heard. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == birth->parent &&
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    arrange_descriptors(birth->program, birth->question, birth->answer, birth->file) &&
	    lseek(STDIN_FILENO, 0, SEEK_SET) == 0 && chdir("/") == 0 && limit_all(birth->limits))
		(void)fexecve(PROGRAM_FD, birth->arguments, environment);
	_exit(CHILD_FAILED);
}

static bool start(struct child *child, struct birth *birth, const char *name, const char *argument)
{
	char *arguments[] = {ensure_strdup(name), argument != NULL ? ensure_strdup(argument) : NULL, NULL};
	*child = (struct child){.pidfd = -1, .answer = memfd_create("snug-answer", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
	birth->answer = child->answer;
	birth->arguments = arguments;
	birth->parent = getpid();
	pid_t pid = child->answer >= 0 ? fork() : -1;
	if (pid == 0)
		become(birth);
	int error = errno;
	free(arguments[0]);
	free(arguments[1]);
	if (pid > 0) {
		child->pid = pid;
		child->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
		child->kill_at_ms = clock_monotonic_ms() + birth->limits->wall_ms;
		if (child->pidfd >= 0)
			return true;
		error = errno;
		child_kill(child);
		errno = error;
		return false;
	}
	child_close(child);
	errno = error;
	return false;
}

bool child_start(struct child *child, int program, const char *name, const char *argument, int question,
		 const struct child_limits *limits)
{
	struct birth birth = {.program = program, .question = question, .file = -1, .limits = limits};
	return start(child, &birth, name, argument);
}

bool child_start_with_file(struct child *child, int program, const char *name, int question, int file,
			   const struct child_limits *limits)
{
	struct birth birth = {.program = program, .question = question, .file = file, .limits = limits};
	return start(child, &birth, name, NULL);
}

static enum child_verdict verdict_of(const struct child *child, int status)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) <= CHILD_ELSEWHERE)
		return (enum child_verdict)WEXITSTATUS(status);
	log_event(LOG_WARN, "child_killed", log_number("child", child->pid),
		  log_number("signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0),
		  log_text("why", child->is_killed ? "it took too long" : "it broke a rule, or itself"));
	return CHILD_FAILED;
}

bool child_has_ended(struct child *child, enum child_verdict *verdict)
{
	int status;
	if (child->pid == 0)
		return false;
	if (!child->is_killed && clock_monotonic_ms() >= child->kill_at_ms) {
		child->is_killed = true;
		(void)kill(child->pid, SIGKILL);
	}
	if (waitpid(child->pid, &status, WNOHANG) != child->pid)
		return false;
	*verdict = verdict_of(child, status);
	child->pid = 0;
	(void)fcntl(child->answer, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
	return true;
}

void child_close(struct child *child)
{
	int error = errno;
	if (child->pidfd >= 0)
		(void)close(child->pidfd);
	if (child->answer >= 0)
		(void)close(child->answer);
	*child = (struct child){.pidfd = -1, .answer = -1};
	errno = error;
}

void child_kill(struct child *child)
{
	if (child->pid > 0 && kill(child->pid, SIGKILL) == 0)
		(void)waitpid(child->pid, NULL, 0);
	child->pid = 0;
	child_close(child);
}
