/* Channels of a workspace (Discord's channel object). A deleted channel keeps its row, without its name, so that its
 * CHANNEL_DELETE event can still reach those who saw it. */
#ifndef SNUG_DOMAIN_CHANNEL_CHANNEL_H
#define SNUG_DOMAIN_CHANNEL_CHANNEL_H

#include "domain/apply.h"
#include "domain/perm.h"
#include "json/json.h"

enum { CHANNEL_TYPE_TEXT = 0, CHANNEL_TYPE_CATEGORY = 4 };
enum {
	CHANNEL_NAME_MAX = 100,
	CHANNEL_TOPIC_MAX = 1024,
	CHANNEL_SLOW_MODE_MAX_S = 21600,
	CHANNELS_MAX = 500,
	CHANNEL_OVERWRITES_GIVEN_MAX = 100,
	CHANNEL_OVERWRITES_MAX, /* with the one that lets the creator in */
};

struct channel {
	int64_t id, guild_id, parent_id;
	int type; /* Discord's: 0 text, 4 category */
	const char *name, *topic;
	int64_t position, slow_mode_s, last_message_id;
	bool is_deleted;
	struct perm_overwrite *overwrites; /* in the arena */
	size_t overwrite_count;
};

/* ERR_UNKNOWN_CHANNEL when there is none or it is deleted. Says nothing about who may see it. */
enum err channel_find(struct sql *db, struct arena *arena, int64_t channel_id, struct channel *out) MUST_USE;

/* As channel_find, a deleted one included. */
enum err channel_find_any(struct sql *db, struct arena *arena, int64_t channel_id, struct channel *out) MUST_USE;

/* The guild's channels that the user may view, by position and id, in the arena. ERR_UNKNOWN_GUILD for strangers. */
enum err channel_list_visible(struct sql *db, struct arena *arena, int64_t guild_id, int64_t user_id,
			      struct channel **list, size_t *count) MUST_USE;

void channel_to_json(struct jw *jw, const char *key, const struct channel *channel);

/* An array of the guild's channels that the user may view, by position and id. */
enum err channel_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t guild_id,
			      int64_t user_id) MUST_USE;

/* Makes #general of a new workspace: part of guild_create. */
enum err channel_create_general(struct apply *apply, int64_t guild_id, int64_t *channel_id) MUST_USE;

struct channel_create_input {
	struct field_set set;
	int64_t guild_id;
	const char *name, *topic;
	int64_t type, position, parent_id, rate_limit_per_user;
	json_t *permission_overwrites;
};
extern const struct field channel_create_fields[];
apply_function channel_create_apply; /* {"channel":{…}} */

struct channel_update_input {
	struct field_set set;
	int64_t channel_id;
	const char *name, *topic;
	int64_t position, parent_id, rate_limit_per_user;
};
extern const struct field channel_update_fields[];
apply_function channel_update_apply; /* {"channel":{…}} */

struct channel_delete_input {
	struct field_set set;
	int64_t channel_id;
};
extern const struct field channel_delete_fields[];
apply_function channel_delete_apply; /* {"channel":{…}} */

/* Takes some messages of deleted channels from the disk, event log included; *is_done when none are left. Store only.
 */
enum err channel_purge(struct sql *db, bool *is_done) MUST_USE;

#endif
