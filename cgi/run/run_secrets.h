/* The secrets of an instance: made at its first start, kept in the data folder (secrets, 0600), handed down in sealed
 * memory. There is no default: without the file nobody's old tokens are good, and new ones are made. */
#ifndef SNUG_RUN_SECRETS_H
#define SNUG_RUN_SECRETS_H

#include "base/err.h"
#include "front/secrets.h"

#include <stdbool.h>

/* Reads the file secrets of the working directory, or makes it. needs_code says whether the first account is to bring
 * the set-up code. *fd is a sealed memfd in the form of front/secrets.h, closing on exec; setup_code is the code (empty
 * when none is needed). A malformed file is refused and not replaced. On failure the person has been told. */
enum err run_secrets_prepare(bool needs_code, int *fd, char setup_code[SECRETS_SETUP_CODE_MAX + 1]) MUST_USE;

#endif
