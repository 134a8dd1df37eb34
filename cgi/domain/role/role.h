/* Roles of a workspace (Discord's role object). The one whose id is the guild's is @everyone: it is never assigned,
 * renamed, moved or deleted, and stands below all others. Whoever changes roles stands strictly above them and neither
 * gives nor takes a permission that they lack. */
#ifndef SNUG_DOMAIN_ROLE_ROLE_H
#define SNUG_DOMAIN_ROLE_ROLE_H

#include "domain/apply.h"
#include "domain/perm.h"
#include "json/json.h"

enum { ROLE_NAME_MAX = 100, ROLE_COLOR_MAX = 0xffffff };

struct role {
	int64_t id, guild_id;
	const char *name;
	uint64_t bits;    /* permissions */
	int64_t position; /* 0 is @everyone's alone */
	int64_t color;    /* 0xRRGGBB; 0: none */
	bool is_hoisted, is_mentionable;
};

/* ERR_UNKNOWN_ROLE when the guild has no such role. */
enum err role_find(struct sql *db, struct arena *arena, int64_t guild_id, int64_t role_id, struct role *out) MUST_USE;

/* All roles of the guild, highest first, @everyone last; in the arena. */
enum err role_list(struct sql *db, struct arena *arena, int64_t guild_id, struct role **list, size_t *count) MUST_USE;

/* How many members have each of the roles that role_list gave, into counts, which is parallel to it. */
enum err role_count_members(struct sql *db, int64_t guild_id, const struct role *list, size_t count,
			    int64_t *counts) MUST_USE;

void role_to_json(struct jw *jw, const char *key, const struct role *role);

/* An array of the guild's roles, lowest first. */
enum err role_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			   int64_t guild_id) MUST_USE;

/* An array of the ids of the member's roles, without @everyone. */
enum err role_ids_to_json(struct sql *db, struct jw *jw, const char *key, int64_t guild_id, int64_t user_id) MUST_USE;

/* Makes @everyone and the roles that every new workspace has ready (Member, Moderator, Admin): part of another apply.
 */
enum err role_create_initial(struct apply *apply, int64_t guild_id) MUST_USE;

/* What a role can be given; an absent member keeps what is there, or what a new role begins with. */
struct role_values {
	const char *name;     /* "new role" */
	uint64_t permissions; /* those of @everyone; bits that mean nothing are dropped */
	int64_t color;
	json_t *colors; /* {"primary_color":…}: wins over color */
	bool hoist, mentionable;
};

struct role_create_input {
	struct field_set set;
	int64_t guild_id;
	struct role_values values;
};
extern const struct field role_create_fields[];
apply_function role_create_apply; /* {"role":{…}}: stands lowest, above @everyone */

struct role_update_input {
	struct field_set set;
	int64_t guild_id, role_id;
	struct role_values values;
};
extern const struct field role_update_fields[];
apply_function role_update_apply; /* {"role":{…}} */

struct role_delete_input {
	struct field_set set;
	int64_t guild_id, role_id;
};
extern const struct field role_delete_fields[];
apply_function role_delete_apply; /* {}; its overwrites and its place with members go with it */

struct role_move_input {
	struct field_set set;
	int64_t guild_id;
	json_t *items; /* [{"id":"…","position":1}, …]: where these are to stand; others make room */
};
extern const struct field role_move_fields[];
/* {"roles":[…]}. Positions come out as 1, 2, 3 … from the lowest. Who stands at the actor's own height or above keeps
 * their order, and nothing comes to stand among them. */
apply_function role_move_apply;

#endif
