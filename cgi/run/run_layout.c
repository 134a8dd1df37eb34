#include "run/run_layout.h"

#include "run/run_refuse.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PARENTS_MAX = 4 /* build/release/bin/snug stands three folders below the tree */ };

/* The template of lighttpd's configuration marks the folder. */
static bool is_share(const char *folder)
{
	char marker[PATH_MAX];
	int n = snprintf(marker, sizeof marker, "%s/conf/lighttpd.conf.mustache", folder);
	return n > 0 && (size_t)n < sizeof marker && access(marker, R_OK) == 0;
}

static bool parent_of(char *path)
{
	char *slash = strrchr(path, '/');
	if (!slash || slash == path)
		return false;
	*slash = '\0';
	return true;
}

static bool find_share(const char *programs, char out[PATH_MAX])
{
	char folder[PATH_MAX];
	(void)snprintf(folder, sizeof folder, "%s", programs);
	for (int i = 0; i < PARENTS_MAX && parent_of(folder); i++) {
		int n = snprintf(out, PATH_MAX, "%s", folder);
		if (n < PATH_MAX && is_share(out))
			return true;
		n = snprintf(out, PATH_MAX, "%s/share/snug", folder);
		if (n < PATH_MAX && is_share(out))
			return true;
	}
	return false;
}

enum err run_layout_find(const char *share, struct run_layout *out)
{
	ssize_t n = readlink("/proc/self/exe", out->programs, sizeof out->programs - 1);
	if (n < 0)
		return run_refuse("/proc/self/exe cannot be read: %s", strerror(errno));
	out->programs[n] = '\0';
	if (!parent_of(out->programs))
		return run_refuse("the folder of this program cannot be told from %s", out->programs);
	if (!share) {
		if (!find_share(out->programs, out->share))
			return run_refuse(
			    "the folder with conf, templates and static is not above %s; name it with --share DIR",
			    out->programs);
		return ERR_OK;
	}
	if (!realpath(share, out->share))
		return run_refuse("--share %s: %s", share, strerror(errno));
	if (!is_share(out->share))
		return run_refuse("--share %s: there is no conf/lighttpd.conf.mustache in it", share);
	return ERR_OK;
}

static int open_in(const char *folder, size_t folder_n, const char *name)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof path, "%.*s/%s", (int)folder_n, folder, name);
	if (n < 0 || (size_t)n >= sizeof path || access(path, X_OK) != 0)
		return -1;
	struct stat file;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && (fstat(fd, &file) != 0 || !S_ISREG(file.st_mode))) {
		close(fd);
		return -1;
	}
	return fd;
}

static int open_in_path(const char *path, const char *name)
{
	while (*path) {
		size_t n = strcspn(path, ":");
		int fd = path[0] == '/' ? open_in(path, n, name) : -1;
		if (fd >= 0)
			return fd;
		path += n + (path[n] == ':');
	}
	return -1;
}

int run_layout_open_program(const struct run_layout *layout, const char *name)
{
	if (strncmp(name, "snug-", 5) == 0) {
		int fd = open_in(layout->programs, strlen(layout->programs), name);
		if (fd < 0)
			(void)run_refuse("%s is not in %s: build it with make", name, layout->programs);
		return fd;
	}
	const char *path = getenv("PATH");
	int fd = open_in_path(path ? path : "", name);
	if (fd < 0)
		fd = open_in_path("/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin", name);
	if (fd < 0)
		(void)run_refuse("%s is not installed: make run installs it, or apt-get install %s", name, name);
	return fd;
}
