/* Changing one's own profile: what the page and the API do alike. A picture is decoded and encoded again before the op
 * that keeps it (front/picture.h). */
#ifndef SNUG_FRONT_PROFILE_H
#define SNUG_FRONT_PROFILE_H

#include "front/front.h"

struct profile_update_input {
	struct field_set set;
	const char *username, *display_name, *about, *pronouns, *time_zone;
	const char *avatar; /* API: "data:image/png;base64,…", null for none; of a form it is the file */
	bool remove_avatar; /* form: none, unless there is a file */
	const char *email;  /* only to say where it is changed */
};
extern const struct field profile_update_fields[];

/* Sends user_update with what was given. Errors: those of picture_encode and of the op. */
enum err profile_update(struct request *request, const struct profile_update_input *input,
			struct op_reply *reply) MUST_USE;

struct profile_email_input {
	struct field_set set;
	const char *email, *current_password;
};
extern const struct field profile_email_fields[];

/* Checks the password, then sends user_email: for routes with ROUTE_PASSWORD. Errors: ERR_WRONG_PASSWORD,
 * ERR_RATE_LIMITED, and the op's. */
enum err profile_email(struct request *request, const struct profile_email_input *input,
		       struct op_reply *reply) MUST_USE;

#endif
