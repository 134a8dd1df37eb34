/* The environment of the programs: what snug run itself got, without what is meant for it alone, and the configuration.
 */
#ifndef SNUG_RUN_ENVIRONMENT_H
#define SNUG_RUN_ENVIRONMENT_H

#include "run/run_config.h"

#include <stddef.h>

/* Owned by the caller, strings too; ends in NULL. */
char **run_environment_make(const struct run_config *config, const char *static_version);

/* A copy of the list (the strings of base are shared) with the extra strings behind. Only the list is to be freed. */
char **run_environment_with(char **base, char *const *extra, size_t extra_count);

#endif
