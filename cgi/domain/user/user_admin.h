/* What those who administer the server as a whole do about accounts, by page, API or command line. */
#ifndef SNUG_DOMAIN_USER_USER_ADMIN_H
#define SNUG_DOMAIN_USER_USER_ADMIN_H

#include "domain/user/user.h"

struct user_suspend_input {
	struct field_set set;
	int64_t user_id;
	const char *reason; /* for the list of security events, or NULL */
};
extern const struct field user_suspend_fields[];

/* {}. A suspended account can do nothing: its sessions and tokens end, open streams too, and so do the tokens of its
 * bots, which go on with new ones. Suspending again changes nothing. Nobody suspends themselves, nor the last
 * administrator. ERR_MISSING_PERMISSIONS unless the actor administers the server, ERR_UNKNOWN_USER, ERR_LAST_ADMIN,
 * ERR_INVALID_FORM for oneself. */
apply_function user_suspend_apply;

struct user_restore_input {
	struct field_set set;
	int64_t user_id;
};
extern const struct field user_restore_fields[];
apply_function user_restore_apply; /* {}: may log in again */

struct user_admin_input {
	struct field_set set;
	int64_t user_id;
	bool is_admin;
};
extern const struct field user_admin_fields[];

/* {}. Makes a person one who administers the server, or ends that; bots and suspended accounts never do. Who becomes
 * one logs in anew. ERR_LAST_ADMIN. */
apply_function user_admin_apply;

struct user_hand_over_input {
	struct field_set set;
	int64_t user_id, to;
};
extern const struct field user_hand_over_fields[];

/* {"guilds":n,"channels":n,"bots":n}. Gives the workspaces, channels, groups and bots of a suspended account to another
 * person, as far as they are, or are of, workspaces where that one is a member. Only of suspended accounts: of others
 * nobody takes anything, the server's administrators included. ERR_NOT_SUSPENDED, ERR_UNKNOWN_USER. */
apply_function user_hand_over_apply;

/* ERR_MISSING_PERMISSIONS unless the actor is an administrator of the server, logged in; the command line may all. */
enum err user_require_admin(struct apply *apply) MUST_USE;

/* ERR_LAST_ADMIN when nobody else administers the server who could take this one's place. */
enum err user_require_other_admin(struct apply *apply, int64_t user_id) MUST_USE;

/* Which accounts: those after an id, at most limit of them; of query (NULL: all) those in whose user name or name it
 * stands, in any case, or whose address it is. */
struct user_page {
	int64_t after;
	int limit; /* 1 to USERS_PAGE_MAX */
	const char *query;
	bool is_suspended; /* only those who are */
};

enum { USERS_PAGE_MAX = 100, USERS_QUERY_MAX = 254 };

struct user_page_result {
	int count;
	int64_t last_id; /* 0 when empty */
};

/* An array of {user, admin, suspended, created_at, last_used_at, guilds} by id, of accounts of people. Nobody's address
 * is in it. Whoever may see it was checked before. */
enum err user_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			   const struct user_page *page, struct user_page_result *result) MUST_USE;

#endif
