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

/* Puts a new signing key before the one that signs now, which stays good for checking; one before that is dropped. With
 * supplied NULL the key is random, else it is made of that text, which has RUN_SECRET_MIN_CHARS at least. kid is the
 * new key's name. Programs that run have it after the next SIGHUP. On failure the person has been told. */
enum { RUN_SECRET_MIN_CHARS = 32 };
enum err run_secrets_rotate(const char *supplied, char kid[JWT_KID_SIZE]) MUST_USE;

/* Whether two descriptors of run_secrets_prepare hold the same. */
bool run_secrets_equal(int a, int b);

#endif
