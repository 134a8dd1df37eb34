/* What people change of their own account: the profile that others see, and the e-mail address that they don't. */
#ifndef SNUG_DOMAIN_USER_USER_PROFILE_H
#define SNUG_DOMAIN_USER_USER_PROFILE_H

#include "domain/user/user.h"

struct user_update_input {
	struct field_set set;
	const char *username, *display_name, *about, *pronouns,
	    *time_zone;      /* what is null or "" is not said any more */
	const char *picture; /* base64url of front/picture.h's; null: none any more */
};
extern const struct field user_update_fields[];

/* {"user":{self view}}. What is not given stays. Events: USER_UPDATE to the account, without its address, and
 * GUILD_MEMBER_UPDATE to its workspaces; none when nothing changed. ERR_INVALID_FORM, ERR_NAME_TAKEN, ERR_BAD_PICTURE.
 */
apply_function user_update_apply;

struct user_email_input {
	struct field_set set;
	const char *email;
	const char *password_hash; /* the stored one that the front matched */
};
extern const struct field user_email_fields[];

/* {"user":{self view}}. A reset that was sent to the old address is of no use any more, and the old address is told.
 * ERR_EMAIL_TAKEN, ERR_INVALID_FORM, ERR_WRONG_PASSWORD, ERR_LOGIN_REQUIRED for tokens. */
apply_function user_email_apply;

/* Tells the account and its workspaces what it is like now: part of another apply. */
enum err user_announce(struct apply *apply, int64_t user_id) MUST_USE;

#endif
