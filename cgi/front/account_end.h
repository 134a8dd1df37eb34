/* Ending one's own account: what the page and the API do alike. It checks a password, so only routes with
 * ROUTE_PASSWORD may. */
#ifndef SNUG_FRONT_ACCOUNT_END_H
#define SNUG_FRONT_ACCOUNT_END_H

#include "front/front.h"

struct account_end_input {
	struct field_set set;
	const char *username; /* of the page: typed to confirm; NULL by the API */
	const char *password;
};
extern const struct field account_end_fields[];

/* Sends user_delete. Errors: ERR_WRONG_PASSWORD, ERR_RATE_LIMITED, and the op's. */
enum err account_end(struct request *request, const struct account_end_input *input) MUST_USE;

#endif
