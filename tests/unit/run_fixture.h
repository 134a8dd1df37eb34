/* What the tests of cgi/run share: an empty folder to work in, and what a person is told. */
#ifndef SNUG_TESTS_RUN_FIXTURE_H
#define SNUG_TESTS_RUN_FIXTURE_H

#include "base/ensure.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The working directory is a fresh folder from set-up to tear-down; run_fixture_home is the one before. */
static char run_fixture_home[1024], run_fixture_folder[64];
static int run_fixture_stderr, run_fixture_told;

static inline int run_fixture_open(void **state)
{
	(void)state;
	ensure(getcwd(run_fixture_home, sizeof run_fixture_home) != NULL);
	snprintf(run_fixture_folder, sizeof run_fixture_folder, "/tmp/snug-test-run-XXXXXX");
	ensure(mkdtemp(run_fixture_folder) != NULL && chdir(run_fixture_folder) == 0);
	run_fixture_stderr = dup(STDERR_FILENO);
	run_fixture_told = memfd_create("told", MFD_CLOEXEC);
	ensure(run_fixture_told >= 0 && dup2(run_fixture_told, STDERR_FILENO) >= 0);
	return 0;
}

static inline int run_fixture_close(void **state)
{
	(void)state;
	fflush(stderr);
	ensure(dup2(run_fixture_stderr, STDERR_FILENO) >= 0);
	close(run_fixture_stderr);
	close(run_fixture_told);
	ensure(chdir(run_fixture_home) == 0);
	pid_t child = fork();
	if (child == 0) {
		execlp("rm", "rm", "-rf", run_fixture_folder, (char *)NULL);
		_exit(127);
	}
	ensure(child > 0 && waitpid(child, NULL, 0) == child);
	return 0;
}

/* Whether what was told since the last call holds the text. */
static inline bool run_fixture_was_told(const char *text)
{
	char told[8192];
	fflush(stderr);
	ssize_t n = pread(run_fixture_told, told, sizeof told - 1, 0);
	ensure(n >= 0 && ftruncate(run_fixture_told, 0) == 0 && lseek(run_fixture_told, 0, SEEK_SET) == 0);
	told[n] = '\0';
	return strstr(told, text) != NULL;
}

static inline void run_fixture_write(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	ensure(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

#endif
