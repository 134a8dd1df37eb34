#include "server_fixture.h"

#include "base/ensure.h"
#include "sql/sql_writer.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int listen_at(const struct ops *ops, const char *name, char path[96])
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	(void)snprintf(path, 96, "%s/%s.sock", ops->folder, name);
	memcpy(address.sun_path, path, strlen(path) + 1);
	ensure(fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof address) == 0 && listen(fd, 512) == 0);
	return fd;
}

void server_fixture_open(struct server_fixture *fixture)
{
	const char *why;

	*fixture = (struct server_fixture){0};
	ops_setup(&fixture->ops);
	ensure(config_set(&fixture->ops.config, CONFIG_BALLAST_MB, "0", &why) == ERR_OK);
	ops_close_database(&fixture->ops);
	fixture->sockets = (struct server_sockets){
	    .op_web = listen_at(&fixture->ops, "web", fixture->web),
	    .op_api = listen_at(&fixture->ops, "api", fixture->api),
	    .op_live = listen_at(&fixture->ops, "live", fixture->live),
	    .op_worker = -1,
	    .jobs = -1,
	    .op_cli = listen_at(&fixture->ops, "cli", fixture->cli),
	    .feed = listen_at(&fixture->ops, "feed", fixture->feed),
	    .session_changes = -1,
	    .ready = -1,
	};
	server_fixture_start(fixture);
}

void server_fixture_close(struct server_fixture *fixture)
{
	if (fixture->store > 0)
		(void)server_fixture_end(fixture, SIGKILL);
	(void)close(fixture->sockets.op_web);
	(void)close(fixture->sockets.op_api);
	(void)close(fixture->sockets.op_live);
	(void)close(fixture->sockets.op_cli);
	(void)close(fixture->sockets.feed);
	ops_close(&fixture->ops);
}

void server_fixture_start(struct server_fixture *fixture)
{
	fixture->store = fork();
	ensure(fixture->store >= 0);
	if (fixture->store > 0)
		return;
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* whatever becomes of the test */
	(void)signal(SIGPIPE, SIG_IGN);
	if (fixture->descriptors_max > 0) {
		rlim_t most = (rlim_t)fixture->descriptors_max;
		ensure(setrlimit(RLIMIT_NOFILE, &(struct rlimit){most, most}) == 0);
	}
	ensure(chdir(fixture->ops.folder) == 0);
	_exit(server_run(&fixture->ops.config, &fixture->sockets));
}

int server_fixture_end(struct server_fixture *fixture, int signal_number)
{
	int status;

	ensure(kill(fixture->store, signal_number) == 0);
	ensure(waitpid(fixture->store, &status, 0) == fixture->store);
	fixture->store = 0;
	return status;
}

struct ops *server_fixture_enter(struct server_fixture *fixture)
{
	ensure(fixture->store == 0);
	ensure(sql_open_writer(fixture->ops.path, &fixture->ops.engine.db) == ERR_OK);
	return &fixture->ops;
}

void server_fixture_leave(struct server_fixture *fixture)
{
	ops_close_database(&fixture->ops);
}

int server_fixture_connect(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	memcpy(address.sun_path, path, strlen(path) + 1);
	ensure(fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) == 0);
	return fd;
}
