/* The end of an account. All of it is one transaction, so it has either happened or not; only its messages, where they
 * are to go, go by and by (domain/message).
 *
 * The row stays, emptied, since messages have an author and direct messages a second person: it is called
 * USER_DELETED_NAME then, its user name and address are free, nobody can log in to it. */
#ifndef SNUG_DOMAIN_USER_USER_END_H
#define SNUG_DOMAIN_USER_USER_END_H

#include "domain/user/user.h"

struct user_delete_input {
	struct field_set set;
	const char *username;      /* typed to confirm; NULL where nobody types */
	const char *password_hash; /* the stored one that the front matched */
};
extern const struct field user_delete_fields[];

/* {}: one's own. ERR_OWNS_WORKSPACES with their names as errors of "guilds", ERR_LAST_ADMIN while there are others,
 * ERR_WRONG_PASSWORD, ERR_LOGIN_REQUIRED for tokens, ERR_INVALID_FORM when the name is another. */
apply_function user_delete_apply;

struct user_remove_input {
	struct field_set set;
	int64_t user_id;
};
extern const struct field user_remove_fields[];
apply_function user_remove_apply; /* the same from the command line, of anybody; gone already is fine */

#endif
