/* Invites: codes that let people into a workspace. */
#ifndef SNUG_DOMAIN_INVITE_INVITE_H
#define SNUG_DOMAIN_INVITE_INVITE_H

#include "domain/apply.h"

enum {
	INVITE_CODE_LENGTH = 10,
	INVITE_USES_MAX = 100,
	INVITE_AGE_MAX_S = 604800,
	INVITE_AGE_INITIAL_S = 86400,
	INVITES_MAX = 1000
};

struct invite {
	const char *code;
	int64_t guild_id, channel_id, inviter_id;
	int64_t max_uses, uses, max_age_s, created_at_ms, expires_at_ms; /* expires 0: never */
	bool is_temporary;
};

/* ERR_UNKNOWN_INVITE when unknown or revoked; ERR_INVITE_EXPIRED when expired or used up, with out filled in. */
enum err invite_find(struct sql *db, struct arena *arena, const char *code, int64_t now_ms,
		     struct invite *out) MUST_USE;

/* Discord's invite object:
 * {code,type,guild{id,name,icon},channel{id,name,type},inviter,expires_at,approximate_member_count}; with uses,
 * max_uses, max_age, temporary, created_at when with_metadata. */
enum err invite_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			const struct invite *invite, bool with_metadata) MUST_USE;

/* The guild's live invites, newest first, as an array with metadata. */
enum err invite_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t guild_id,
			     int64_t now_ms) MUST_USE;

struct invite_create_input {
	struct field_set set;
	int64_t guild_id;
	int64_t channel_id;        /* 0: the guild's first channel that all may see */
	int64_t max_age, max_uses; /* seconds (absent: a day), uses (absent or 0: no limit) */
	bool temporary;
};
extern const struct field invite_create_fields[];
apply_function invite_create_apply; /* the invite object itself: {"invite":{…}} */

struct invite_accept_input {
	struct field_set set;
	const char *code;
};
extern const struct field invite_accept_fields[];
apply_function invite_accept_apply; /* {"invite":{…},"guild_id":"…","channel_id":"…","is_new":true}; the channel of
				       invite_arrive */

/* Consumes one use for a user that joins: part of registration and accept. For a member nothing happens, whatever has
 * become of the invite, and *is_new is false. */
enum err invite_use(struct apply *apply, const char *code, int64_t user_id, struct invite *out, bool *is_new) MUST_USE;

/* Where a member who came by the invite finds themselves: in its channel when they may see it and talk is there, else
 * in the workspace's first such channel; 0 when there is none. */
enum err invite_arrive(struct apply *apply, const struct invite *invite, int64_t user_id, int64_t *channel_id) MUST_USE;

#endif
