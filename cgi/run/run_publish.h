/* Copies what programs and lighttpd read at run time into run/ of the data folder, where their users can reach it and
 * where an upgrade of the source tree does not change it under a running instance. */
#ifndef SNUG_RUN_PUBLISH_H
#define SNUG_RUN_PUBLISH_H

#include "base/err.h"

enum { RUN_VERSION_SIZE = 9 };

/* share/templates becomes run/templates, share/static becomes run/static/<version>, where version is eight hex digits
 * of a hash of its names and contents; what is installed beside Snug and served with it is in its folder vendor. Both are
 * replaced. On failure the person has been told. */
enum err run_publish(const char *share, char version[RUN_VERSION_SIZE]) MUST_USE;

/* Writes a file into run/, readable for all, replacing what was there. path is relative to the working directory. */
enum err run_publish_file(const char *path, const char *text, unsigned long n) MUST_USE;

#endif
