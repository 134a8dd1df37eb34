/* What snug run has prepared before it starts anything: one instance, made by run_prepare, used until the end. */
#ifndef SNUG_RUN_RUN_H
#define SNUG_RUN_RUN_H

#include "front/secrets.h"
#include "run/run_config.h"
#include "run/run_data.h"
#include "run/run_layout.h"
#include "run/run_limits.h"
#include "run/run_options.h"
#include "run/run_owner.h"
#include "run/run_publish.h"
#include "run/run_sockets.h"

/* Memory that outlives every program but this one; the names are those of the environment. */
enum run_memory {
	RUN_MEMORY_LIMITS,
	RUN_MEMORY_METRICS,
	RUN_MEMORY_SESSIONS,
	RUN_MEMORY_SESSION_CHANGES,
	RUN_MEMORY_COUNT
};

/* Whose program file a process runs. */
enum run_binary {
	RUN_BINARY_STORE,
	RUN_BINARY_WEB,
	RUN_BINARY_API,
	RUN_BINARY_LIVE,
	RUN_BINARY_WORKER,
	RUN_BINARY_MAIL,    /* a child of the worker */
	RUN_BINARY_FETCH,   /* another */
	RUN_BINARY_S3,      /* another */
	RUN_BINARY_PICTURE, /* and another */
	RUN_BINARY_LIGHTTPD,
	RUN_BINARY_COUNT
};

struct run {
	struct run_layout layout;
	struct run_config config;
	struct run_owners owners;
	struct run_data data;
	struct run_limits limits;
	char version[RUN_VERSION_SIZE]; /* of the static files */
	char setup_code[SECRETS_SETUP_CODE_MAX + 1];
	int binaries[RUN_BINARY_COUNT];
	int sockets[RUN_SOCKET_COUNT];
	int tcp_fd; /* lighttpd's listening socket; -1 once nothing more is accepted */
	int memories[RUN_MEMORY_COUNT];
	int session_changes_reader; /* RUN_MEMORY_SESSION_CHANGES for those who may only read it */
	int signals_writer, signals_reader; /* a pair of sockets: from those who give signals to snug-live */
	int secrets_fd;
	int certificate_fd, key_fd;         /* -1 without https */
	int files_fd;                       /* the folder of what people upload, for lighttpd */
	int smtp_password_fd, s3_secret_fd; /* -1 without one */
	char **environment;                 /* of every program, without SNUG_FD_…; owned, ends in NULL */
};

/* Does everything but starting programs. On failure the person has been told; the process is expected to end then. */
enum err run_prepare(struct run *run, const struct run_options *options) MUST_USE;

#endif
