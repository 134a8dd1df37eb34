#include "run/run_limits.h"

#include "run/run_sockets.h"

#include <limits.h>
#include <sys/resource.h>

enum { LIGHTTPD_FDS_MAX = 65535 /* its settings are 16 bits wide */, CONNECTIONS_SPARE = 64 };

static void limits_from(struct run_limits *limits, rlim_t most)
{
	limits->descriptors = most > LONG_MAX ? LONG_MAX : (long)most;
	limits->max_fds = limits->descriptors < LIGHTTPD_FDS_MAX ? (int)limits->descriptors : LIGHTTPD_FDS_MAX;
	limits->max_connections = limits->max_fds / 2 - CONNECTIONS_SPARE;
	if (limits->max_connections < limits->max_fds / 4)
		limits->max_connections = limits->max_fds / 4;
	limits->backlog = run_sockets_backlog();
}

void run_limits_read(struct run_limits *limits)
{
	struct rlimit limit = {1024, 1024};
	(void)getrlimit(RLIMIT_NOFILE, &limit);
	limits_from(limits, limit.rlim_max);
}

void run_limits_raise(struct run_limits *limits)
{
	struct rlimit limit = {1024, 1024};
	(void)getrlimit(RLIMIT_NOFILE, &limit);
	struct rlimit raised = {limit.rlim_max, limit.rlim_max};
	limits_from(limits, setrlimit(RLIMIT_NOFILE, &raised) == 0 ? limit.rlim_max : limit.rlim_cur);
}
