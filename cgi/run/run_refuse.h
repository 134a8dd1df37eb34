/* What a person who typed a command is told when it cannot be done: one line on stderr that names the thing and the way
 * out. */
#ifndef SNUG_RUN_REFUSE_H
#define SNUG_RUN_REFUSE_H

#include "base/err.h"

/* Writes "snug: <sentence>" to stderr and returns ERR_BAD_REQUEST, so that a check is
 * "if (…) return run_refuse("%s: …", path);". */
enum err run_refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
