/* Accounts: reading them and their JSON view (Discord's user object). */
#ifndef SNUG_DOMAIN_USER_USER_H
#define SNUG_DOMAIN_USER_USER_H

#include "base/arena.h"
#include "domain/apply.h"
#include "domain/mail/mail.h"
#include "sql/sql.h"
#include "json/jw.h"

#include <stdbool.h>

struct user {
	int64_t id;
	const char *username;
	const char *display_name; /* NULL: the user name is shown */
	const char *email;        /* only where a function says so; never shown to others */
	const char *avatar;       /* hash of a picture; NULL: initials are shown */
	/* What user_find fills in beside; those who read a list of authors leave it out. */
	const char *about, *pronouns, *time_zone; /* NULL: not said */
	int64_t bot_guild_id, bot_owner_id;       /* of a bot: where it was made, and who answers for it */
	bool is_bot;
	bool is_suspended;
	bool is_admin;   /* of the server as a whole */
	bool is_deleted; /* its row is empty but for what its messages need */
	bool has_factor; /* logs in with a second factor */
};

enum { USERNAME_MIN = 2, USERNAME_MAX = 32, USER_NAME_MAX = 32, USER_ABOUT_MAX = 190, USER_PRONOUNS_MAX = 40 };

/* What accounts that were deleted are called; no other may have such a user name. */
#define USER_DELETED_PREFIX "deleted_user_"
#define USER_DELETED_NAME "Deleted user"

struct user_credentials {
	int64_t user_id;
	const char *password_hash; /* NULL for bots */
	bool is_suspended;
};

/* ERR_UNKNOWN_USER when there is none. email is filled in: show it to its owner alone. */
enum err user_find(struct sql *db, struct arena *arena, int64_t user_id, struct user *out) MUST_USE;

/* By user name or e-mail address, case-insensitively. ERR_UNKNOWN_USER when there is none. */
enum err user_find_credentials(struct sql *db, struct arena *arena, const char *login,
			       struct user_credentials *out) MUST_USE;

/* Whether the viewer may know of the account: it is the viewer's own, or both are in one workspace, group or direct
 * message. To everybody else it does not exist. */
enum err user_is_visible(struct sql *db, int64_t viewer_id, int64_t user_id, bool *is_visible) MUST_USE;

/* Writes {is_any, guilds: [{id,name}]}: the workspaces that stand in the way of the account's end, the first of them.
 */
enum err user_owned_guilds_to_json(struct sql *db, struct jw *jw, const char *key, int64_t user_id) MUST_USE;

/* Whether any account exists: before the first, everything leads to set-up. */
enum err user_exists_any(struct sql *db, bool *exists) MUST_USE;

/* ERR_WRONG_PASSWORD unless the hash is still the account's: part of ops that ask for the password. */
enum err user_require_password(struct apply *apply, int64_t user_id, const char *password_hash) MUST_USE;

/* Mails word of a change of the account: its templates show name and at. Nobody is told where to is NULL. */
enum err user_mail_change(struct apply *apply, enum mail_kind kind, const struct user *user, const char *to) MUST_USE;

/* Whether the account administers the server; false for one that does not exist. */
enum err user_is_admin(struct sql *db, int64_t user_id, bool *is_admin) MUST_USE;

/* The public view as member key: id, username, discriminator, global_name, avatar, bot, public_flags. */
void user_to_json(struct jw *jw, const char *key, const struct user *user);

/* What people see who look somebody up: the public view with banner, accent_color, and ours: about, pronouns,
 * time_zone. */
void user_profile_to_json(struct jw *jw, const char *key, const struct user *user);

/* What the account's owner sees: the profile with email, verified, mfa_enabled, flags, locale, premium_type, and ours:
 * admin, whether the account administers the server. */
void user_self_to_json(struct jw *jw, const char *key, const struct user *user);

/* The name that people read. */
const char *user_shown_name(const struct user *user);

/* Whether a text may be a user name, beside its length; and whether it is an e-mail address. */
bool user_is_username(const char *name);
bool user_is_email(const char *email);

/* Writes what the account of that id is called once it is deleted. */
enum { USER_DELETED_USERNAME_SIZE = 40 };
void user_deleted_name(int64_t user_id, char out[USER_DELETED_USERNAME_SIZE]);

/* Inputs. A password arrives as its hash: only the password pools hash (crypto/password.h). */
struct user_register_input {
	struct field_set set;
	const char *username, *email, *display_name;
	const char *password_hash;
	const char *invite;         /* code, or NULL */
	const char *workspace;      /* name of a workspace to make, or NULL */
	bool is_setup;              /* this is to be the very first account */
	const char *session_kind;   /* "cookie" or "refresh" */
	const char *session_digest; /* base64url of the digest of the cookie or refresh token */
	const char *device, *address;
};
extern const struct field user_register_fields[];

/* Makes an account, joins or makes its workspace, and opens its first session, all or nothing.
 * Result: {"user":{self view},"session_id":"…","guild_id":"…","channel_id":"…"} (the last two null without a
 * workspace). */
apply_function user_register_apply;

struct user_password_input {
	struct field_set set;
	const char *login, *password_hash;
};
extern const struct field user_password_fields[];
/* Command line: sets a password and ends every session of the account. Result: {"user_id":"…"}. */
apply_function user_password_apply;

#endif
