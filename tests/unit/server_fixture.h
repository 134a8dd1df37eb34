/* A real snug-store in a child process, on sockets that the test holds, as snug run holds them: they outlive the store.
 * The folder holds what ops_setup makes: ada, who owns a workspace, and #general. */
#ifndef SNUG_TESTS_SERVER_FIXTURE_H
#define SNUG_TESTS_SERVER_FIXTURE_H

#include "ops_fixture.h"
#include "store/server.h"
#include "store/submit.h"

#include <sys/types.h>

struct server_fixture {
	struct ops ops; /* its engine is closed while the store runs */
	struct server_sockets sockets;
	char web[96], api[96], live[96], cli[96], feed[96]; /* paths of the sockets */
	pid_t store;
	int descriptors_max; /* RLIMIT_NOFILE of the store; 0: as it is */
};

void server_fixture_open(struct server_fixture *fixture); /* and starts the store */
void server_fixture_close(struct server_fixture *fixture);

/* Starts the store, without waiting until it takes ops. */
void server_fixture_start(struct server_fixture *fixture);

/* Ends it and returns its wait status. */
int server_fixture_end(struct server_fixture *fixture, int signal_number);

/* Opens the database for a look at it while no store runs; the returned ops are to be closed with server_fixture_leave.
 */
struct ops *server_fixture_enter(struct server_fixture *fixture);
void server_fixture_leave(struct server_fixture *fixture);

/* A connection to one of the sockets. */
int server_fixture_connect(const char *path);

#endif
