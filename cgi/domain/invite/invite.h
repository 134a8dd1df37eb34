/* Invites: codes that let people into a workspace. Whoever holds a code may see the preview and come in; so codes are told
 * only to those who make them and to those who manage what they lead to. */
#ifndef SNUG_DOMAIN_INVITE_INVITE_H
#define SNUG_DOMAIN_INVITE_INVITE_H

#include "domain/apply.h"

enum {
	INVITE_CODE_LENGTH = 10,
	INVITE_USES_MAX = 100,
	INVITE_AGE_MAX_S = 604800,
	INVITE_AGE_INITIAL_S = 86400,
	INVITES_MAX = 1000,     /* live ones of a workspace */
	INVITES_OF_ONE_MAX = 50 /* of them by somebody who does not manage it */
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

/* What is public of an invite, of Discord's invite object: {code,type,guild_id,guild{id,name,icon},inviter,expires_at,
 * approximate_member_count}, and channel{id,name,type} unless that is private. */
enum err invite_preview_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
				const struct invite *invite) MUST_USE;

/* The whole object, for who may see its channel: always with channel, and uses, max_uses, max_age, temporary,
 * created_at. */
enum err invite_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			const struct invite *invite) MUST_USE;

/* Which invites to list, of those that are good at now_ms. */
struct invite_filter {
	int64_t guild_id;
	int64_t viewer_id;  /* invites to channels that this member may not view are left out */
	int64_t channel_id; /* 0: to all channels */
	int64_t inviter_id; /* 0: by anybody */
	int64_t now_ms;
};

/* Newest first, as an array of whole objects. */
enum err invite_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			     const struct invite_filter *filter) MUST_USE;

struct invite_create_input {
	struct field_set set;
	int64_t guild_id;
	int64_t channel_id;        /* 0: the guild's first channel that all may see */
	int64_t max_age, max_uses; /* seconds (absent: a day), uses (absent or 0: no limit) */
	bool temporary; /* who comes by it is out again after a day without a role */
	bool unique;    /* given as false: an own one of the same terms will do, if there is any */
};
extern const struct field invite_create_fields[];
apply_function invite_create_apply; /* {"invite":{…}} */

struct invite_delete_input {
	struct field_set set;
	const char *code;
};
extern const struct field invite_delete_fields[];
/* Whoever made it, manages the workspace, or manages its channel, revokes an invite. {"invite":{…}} */
apply_function invite_delete_apply;

struct invite_accept_input {
	struct field_set set;
	const char *code;
};
extern const struct field invite_accept_fields[];
apply_function invite_accept_apply; /* {"invite":{…},"guild_id":"…","channel_id":"…","is_new":true}; the channel of
				       invite_arrive */

/* Consumes one use for a user that joins: part of registration and accept. For a member nothing happens, whatever has
 * become of the invite, and *is_new is false. ERR_BANNED for who is banned from the workspace. */
enum err invite_use(struct apply *apply, const char *code, int64_t user_id, struct invite *out, bool *is_new) MUST_USE;

/* Where a member who came by the invite finds themselves: in its channel when they may see it and talk is there, else
 * in the workspace's first such channel; 0 when there is none. */
enum err invite_arrive(struct apply *apply, const struct invite *invite, int64_t user_id, int64_t *channel_id) MUST_USE;

#endif
