/* The store's loop: takes ops from all sockets, commits them in groups, rings the feed. */
#ifndef SNUG_STORE_SERVER_H
#define SNUG_STORE_SERVER_H

#include "base/config.h"
#include "base/err.h"

struct server_sockets {
	/* Listening; the socket is the caller's role. -1: not there. */
	int op_web, op_api, op_live, op_cli, op_worker;
	int feed; /* rung when events were added */
	int jobs; /* rung when jobs were */
	/* Memory (domain/session/session_changes.h); -1: nobody keeps what they read of sessions. */
	int session_changes;
	int ready; /* a byte is written here when ops are taken: 's' when nobody has an account yet, else 'r'; -1:
		      nobody asks */
};

/* Opens snug.db in the current folder, migrates it, and serves until SIGTERM. Returns the exit status. */
int server_run(const struct config *config, const struct server_sockets *sockets);

#endif
