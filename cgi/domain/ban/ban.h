/* Bans from a workspace: who is kept out of it, whatever invite they hold, member or not. */
#ifndef SNUG_DOMAIN_BAN_BAN_H
#define SNUG_DOMAIN_BAN_BAN_H

#include "domain/apply.h"

enum { BANS_PAGE_MAX = 1000, BAN_DELETE_MAX_S = 7 * 24 * 3600, BAN_DELETE_MAX_DAYS = 7 };

/* Discord's ban object, {user, reason}, with banned_by (an id, or null) and created_at. ERR_UNKNOWN_BAN. */
enum err ban_find_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t guild_id,
			  int64_t user_id) MUST_USE;

/* Which of a workspace's bans, by the ids of the banned: those after one, or with before (0: none) the last ones before
 * that. */
struct ban_page {
	int64_t before, after;
	int limit; /* 1 to BANS_PAGE_MAX */
};

/* An array of ban objects by user id. */
enum err ban_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t guild_id,
			  const struct ban_page *page) MUST_USE;

struct ban_create_input {
	struct field_set set;
	int64_t guild_id, user_id;
	int64_t delete_message_seconds; /* what they wrote in that time goes too */
	int64_t delete_message_days;    /* the older name for it */
};
extern const struct field ban_create_fields[];
/* {}. The reason is the op's. Who is banned already stays so, for the first reason; their messages go all the same. */
apply_function ban_create_apply;

struct ban_delete_input {
	struct field_set set;
	int64_t guild_id, user_id;
};
extern const struct field ban_delete_fields[];
apply_function ban_delete_apply; /* {} */

#endif
