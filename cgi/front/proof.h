/* Asking somebody who is logged in for their password once more, before something that a passer-by at an open screen
 * must not do. It hashes, so only routes with ROUTE_PASSWORD may. */
#ifndef SNUG_FRONT_PROOF_H
#define SNUG_FRONT_PROOF_H

#include "front/front.h"

/* Checks what was typed against the caller's password. *hash is the stored hash that it fits, in the arena, which the
 * op compares again: a password changed meanwhile proves nothing. Ends the read transaction. Errors:
 * ERR_WRONG_PASSWORD; ERR_RATE_LIMITED after too many of them, which count apart from failed logins. */
enum err proof_of_password(struct request *request, const char *typed, const char **hash) MUST_USE;

#endif
