/* How much this machine allows: descriptors, and what follows from them. */
#ifndef SNUG_RUN_LIMITS_H
#define SNUG_RUN_LIMITS_H

struct run_limits {
	long descriptors;    /* RLIMIT_NOFILE's hard limit */
	int max_fds;         /* for lighttpd */
	int max_connections; /* half of it less 64: a request in progress takes two descriptors */
	int backlog;         /* net.core.somaxconn: listen() is cut to it */
};

void run_limits_read(struct run_limits *limits);

/* The same, and raises this process's soft limit to the hard one. */
void run_limits_raise(struct run_limits *limits);

#endif
