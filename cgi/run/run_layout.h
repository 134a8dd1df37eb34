/* Where the programs and their files are: found from where the running program itself is. */
#ifndef SNUG_RUN_LAYOUT_H
#define SNUG_RUN_LAYOUT_H

#include "base/err.h"

#include <limits.h>

struct run_layout {
	char programs[PATH_MAX]; /* the folder of snug, and so of the others */
	char share[PATH_MAX];    /* the folder with templates, static and conf: the source tree, or …/share/snug */
};

/* share is what --share said, or NULL. On failure the person has been told. */
enum err run_layout_find(const char *share, struct run_layout *out) MUST_USE;

/* Opens a program for fexecve: one of Snug's when name begins with "snug-", else one of the system's (PATH, then the
 * sbin folders, which an ordinary user's PATH lacks). The descriptor closes on exec; it stays good when the user who
 * runs it may not even search the folder. -1 when there is none, and the person has been told. */
int run_layout_open_program(const struct run_layout *layout, const char *name);

#endif
