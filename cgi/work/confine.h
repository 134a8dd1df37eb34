/* What a program gives up before it reads a stranger's bytes or answers. */
#ifndef SNUG_WORK_CONFINE_H
#define SNUG_WORK_CONFINE_H

#include <stdbool.h>

/* From now on this process may compute, take memory, read and write the descriptors it has, and end: every other system
 * call kills it (seccomp). No file, no socket, no process is within its reach. Does nothing under a sanitizer, which
 * needs more. False when the kernel cannot, and then the caller must not go on. */
bool confine_to_memory(void);

/* From now on this process may open nothing but files below these paths (NULL at their end; what is not there is passed
 * over), for reading, and listen on no TCP port (Landlock). Where the kernel has no Landlock nothing changes: it is a
 * second wall. False when it has and refuses. */
bool confine_to_reading(const char *const *paths);

#endif
