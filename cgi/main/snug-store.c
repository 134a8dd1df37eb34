/* snug-store: the one program that writes. Runs in the data folder; every socket was bound by snug run. */
#include "base/config.h"
#include "base/log.h"
#include "crypto/secret.h"
#include "store/server.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static int descriptor(const char *variable)
{
	const char *text = getenv(variable);
	char *end = NULL;
	long fd = text != NULL ? strtol(text, &end, 10) : -1;
	return text != NULL && end != text && *end == '\0' && fd >= 0 && fd < 1 << 20 ? (int)fd : -1;
}

int main(void)
{
	extern char **environ;
	struct config config;
	const char *key, *why;
	log_open("snug-store", LOG_INFO);
	config_init(&config);
	if (config_from_environment(&config, environ, &key, &why) != ERR_OK) {
		log_event(LOG_ERROR, "bad_configuration", log_text("key", key), log_text("why", why));
		return EXIT_FAILURE;
	}
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN); /* then a write past the limit is an error, and the database is whole */
	(void)umask(0027);
	secret_open();
	const struct server_sockets sockets = {
	    .op_web = descriptor("SNUG_FD_OP_WEB"),
	    .op_api = descriptor("SNUG_FD_OP_API"),
	    .op_live = descriptor("SNUG_FD_OP_LIVE"),
	    .op_cli = descriptor("SNUG_FD_OP_CLI"),
	    .op_worker = descriptor("SNUG_FD_OP_WORKER"),
	    .feed = descriptor("SNUG_FD_FEED"),
	    .jobs = descriptor("SNUG_FD_JOBS"),
	    .session_changes = descriptor("SNUG_FD_SESSION_CHANGES"),
	    .ready = descriptor("SNUG_FD_READY"),
	};
	int status = server_run(&config, &sockets);
	config_free(&config);
	return status;
}
