#include "run/run_program.h"

#include "base/ensure.h"
#include "run/run_environment.h"
#include "run/run_spawn.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DESCRIPTORS_MAX = 16, ARGUMENTS_MAX = 8 };

/* Everybody who writes waits for the store; for what the worker and its children do nobody waits. */
enum { NICENESS_STORE = -5, NICENESS_WORKER = 5 };

/* Bits of what a program is handed. */
enum {
	GIVES_SECRETS = 1,
	GIVES_LIMITS = 2,
	GIVES_METRICS = 4,
	GIVES_SESSIONS = 8,
	GIVES_OPS = 16, /* the store's: its listening sockets, the lock of the data folder, memory that others read */
	GIVES_LISTEN = 32,    /* row.socket, as SNUG_FD_LISTEN */
	GIVES_TCP = 64,       /* what lighttpd gets */
	GIVES_WORK = 128,     /* what snug-worker gets */
	GIVES_S3 = 256,       /* the key to S3, where there is one */
	GIVES_CHANGES = 512,  /* SNUG_FD_SESSION_CHANGES, to be read alone */
	GIVES_SIGNALS = 1024, /* SNUG_FD_SIGNALS: the end to write to */
	TAKES_SIGNALS = 2048, /* the end to read from, by the same name */
};

struct program_row {
	const char *name; /* in the log */
	enum run_binary binary;
	const char *arguments[ARGUMENTS_MAX];
	enum run_owner owner;
	unsigned gives;
	enum run_socket socket;
	int niceness;
};

static const struct program_row rows[RUN_PROGRAM_COUNT] = {
    [RUN_PROGRAM_STORE] =
	{"snug-store", RUN_BINARY_STORE, {"snug-store"}, RUN_OWNER_STORE, GIVES_OPS | GIVES_METRICS, 0, NICENESS_STORE},
    [RUN_PROGRAM_LIVE] = {"snug-live",
			  RUN_BINARY_LIVE,
			  {"snug-live"},
			  RUN_OWNER_LIVE,
			  GIVES_LISTEN | GIVES_SECRETS | GIVES_LIMITS | GIVES_METRICS | GIVES_SESSIONS | TAKES_SIGNALS,
			  RUN_SOCKET_LIVE,
			  0},
    [RUN_PROGRAM_WORKER] = {"snug-worker",
			    RUN_BINARY_WORKER,
			    {"snug-worker"},
			    RUN_OWNER_WORKER,
			    GIVES_WORK | GIVES_S3,
			    0,
			    NICENESS_WORKER},
    [RUN_PROGRAM_API] = {"snug-api",
			 RUN_BINARY_API,
			 {"snug-api", "--pool", "main"},
			 RUN_OWNER_API,
			 GIVES_LISTEN | GIVES_SECRETS | GIVES_LIMITS | GIVES_METRICS | GIVES_CHANGES | GIVES_SIGNALS,
			 RUN_SOCKET_API,
			 0},
    [RUN_PROGRAM_API_PASSWORD] = {"snug-api-password",
				  RUN_BINARY_API,
				  {"snug-api", "--pool", "password"},
				  RUN_OWNER_API,
				  GIVES_LISTEN | GIVES_SECRETS | GIVES_LIMITS | GIVES_METRICS | GIVES_CHANGES,
				  RUN_SOCKET_API_PASSWORD,
				  0},
    [RUN_PROGRAM_WEB] = {"snug-web",
			 RUN_BINARY_WEB,
			 {"snug-web", "--pool", "main"},
			 RUN_OWNER_WEB,
			 GIVES_S3 | GIVES_LISTEN | GIVES_SECRETS | GIVES_LIMITS | GIVES_METRICS | GIVES_CHANGES |
			     GIVES_SIGNALS,
			 RUN_SOCKET_WEB,
			 0},
    [RUN_PROGRAM_WEB_PASSWORD] = {"snug-web-password",
				  RUN_BINARY_WEB,
				  {"snug-web", "--pool", "password"},
				  RUN_OWNER_WEB,
				  GIVES_LISTEN | GIVES_SECRETS | GIVES_LIMITS | GIVES_METRICS | GIVES_CHANGES,
				  RUN_SOCKET_WEB_PASSWORD,
				  0},
    [RUN_PROGRAM_LIGHTTPD] = {"lighttpd",
			      RUN_BINARY_LIGHTTPD,
			      {"lighttpd", "-D", "-f", "lighttpd.conf"},
			      RUN_OWNER_LIGHTTPD,
			      GIVES_TCP,
			      0,
			      0},
};

const char *run_program_name(enum run_program program)
{
	return rows[program].name;
}

/* What is handed down, as numbers and as variables that name them. */
struct handed {
	int fds[DESCRIPTORS_MAX];
	char *variables[DESCRIPTORS_MAX];
	size_t fd_count, variable_count;
};

static void give(struct handed *handed, const char *name, int fd)
{
	char text[64];
	ensure(handed->fd_count < DESCRIPTORS_MAX);
	handed->fds[handed->fd_count++] = fd;
	if (!name)
		return;
	(void)snprintf(text, sizeof text, "SNUG_FD_%s=%d", name, fd);
	handed->variables[handed->variable_count++] = ensure_strdup(text);
}

static void give_work(struct handed *handed, const struct run *run)
{
	give(handed, "PICTURE_WEB", run->sockets[RUN_SOCKET_PICTURE_WEB]);
	give(handed, "PICTURE_API", run->sockets[RUN_SOCKET_PICTURE_API]);
	give(handed, "PICTURE_PROGRAM", run->binaries[RUN_BINARY_PICTURE]);
	give(handed, "MAIL_PROGRAM", run->binaries[RUN_BINARY_MAIL]);
	give(handed, "FETCH_PROGRAM", run->binaries[RUN_BINARY_FETCH]);
	give(handed, "S3_PROGRAM", run->binaries[RUN_BINARY_S3]);
	if (run->smtp_password_fd >= 0)
		give(handed, "SMTP_PASSWORD", run->smtp_password_fd);
}

static void give_all(struct handed *handed, const struct run *run, const struct program_row *row, int ready_fd)
{
	if (row->gives & GIVES_LISTEN)
		give(handed, "LISTEN", run->sockets[row->socket]);
	if (row->gives & GIVES_SECRETS)
		give(handed, "SECRETS", run->secrets_fd);
	if (row->gives & GIVES_LIMITS)
		give(handed, "LIMITS", run->memories[RUN_MEMORY_LIMITS]);
	if (row->gives & GIVES_METRICS)
		give(handed, "METRICS", run->memories[RUN_MEMORY_METRICS]);
	if (row->gives & GIVES_SESSIONS)
		give(handed, "SESSIONS", run->memories[RUN_MEMORY_SESSIONS]);
	if (row->gives & GIVES_CHANGES)
		give(handed, "SESSION_CHANGES", run->session_changes_reader);
	if (row->gives & (GIVES_SIGNALS | TAKES_SIGNALS))
		give(handed, "SIGNALS", row->gives & TAKES_SIGNALS ? run->signals_reader : run->signals_writer);
	if ((row->gives & GIVES_S3) && run->s3_secret_fd >= 0)
		give(handed, "S3_SECRET_KEY", run->s3_secret_fd);
	if (row->gives & GIVES_WORK)
		give_work(handed, run);
	if (!(row->gives & GIVES_OPS))
		return;
	give(handed, "OP_WEB", run->sockets[RUN_SOCKET_OP_WEB]);
	give(handed, "OP_API", run->sockets[RUN_SOCKET_OP_API]);
	give(handed, "OP_LIVE", run->sockets[RUN_SOCKET_OP_LIVE]);
	give(handed, "OP_CLI", run->sockets[RUN_SOCKET_OP_CLI]);
	give(handed, "OP_WORKER", run->sockets[RUN_SOCKET_OP_WORKER]);
	give(handed, "FEED", run->sockets[RUN_SOCKET_FEED]);
	give(handed, "JOBS", run->sockets[RUN_SOCKET_JOBS]);
	give(handed, "SESSION_CHANGES", run->memories[RUN_MEMORY_SESSION_CHANGES]);
	give(handed, NULL, run->data.lock_fd);
	if (ready_fd >= 0)
		give(handed, "READY", ready_fd);
}

/* is_activated: the program is told of the listening sockets that it inherits. */
static pid_t start(const struct run *run, const struct program_row *row, char *const *arguments, int ready_fd,
		   bool is_activated)
{
	struct handed handed = {0};
	give_all(&handed, run, row, ready_fd);
	char **environment = run_environment_with(run->environment, handed.variables, handed.variable_count);
	bool is_lighttpd = row->gives & GIVES_TCP;
	const struct run_spawn what = {
	    .binary_fd = run->binaries[row->binary],
	    .arguments = arguments,
	    .environment = environment,
	    .inherited = handed.fds,
	    .inherited_count = handed.fd_count,
	    .fixed = {is_lighttpd ? run->tcp_fd : -1, is_lighttpd ? run->certificate_fd : -1,
		      is_lighttpd ? run->key_fd : -1, is_lighttpd ? run->files_fd : -1},
	    .is_activated = is_activated,
	    .folder_fd = is_lighttpd ? run->data.run_fd : -1,
	    .owners = &run->owners,
	    .owner = row->owner,
	    .niceness = row->niceness,
	};
	pid_t pid = run_spawn(&what);
	int error = errno;
	for (size_t i = 0; i < handed.variable_count; i++)
		free(handed.variables[i]);
	free(environment);
	errno = error;
	return pid;
}

pid_t run_program_start(const struct run *run, enum run_program program, int ready_fd)
{
	char *arguments[ARGUMENTS_MAX + 1] = {0};
	for (size_t i = 0; i < ARGUMENTS_MAX && rows[program].arguments[i]; i++)
		arguments[i] = ensure_strdup(rows[program].arguments[i]);
	pid_t pid = start(run, &rows[program], arguments, ready_fd, rows[program].gives & GIVES_TCP);
	int error = errno;
	for (size_t i = 0; i < ARGUMENTS_MAX; i++)
		free(arguments[i]);
	errno = error;
	return pid;
}

bool run_program_lighttpd_accepts(const struct run *run)
{
	char name[] = "lighttpd", test[] = "-tt", option[] = "-f", file[] = "lighttpd.conf";
	char *arguments[] = {name, test, option, file, NULL};
	/* lighttpd 1.4.69 crashes when a preflight check (-tt) meets an inherited socket: it is told of none, and binds
	 * none. */
	pid_t pid = start(run, &rows[RUN_PROGRAM_LIGHTTPD], arguments, -1, false);
	int status = -1;
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}
