/* Emoji: those that a workspace has made itself (Discord's emoji object), and how one of any kind is named in an
 * address, a reaction or a poll. Which characters are emoji is text/emoji.h. The picture of a custom one is WebP that
 * snug-worker's child has encoded; it stands at /emojis/ID.webp for whoever knows the id, since a message that shows it
 * may be read by people of no workspace in common. */
#ifndef SNUG_DOMAIN_EMOJI_EMOJI_H
#define SNUG_DOMAIN_EMOJI_EMOJI_H

#include "domain/apply.h"

enum {
	EMOJI_CUSTOM_NAME_MIN = 2,
	EMOJI_CUSTOM_NAME_MAX = 32,
	EMOJIS_MAX = 200,   /* of a workspace */
	EMOJI_REF_MAX = 64, /* code points of "a:name:id", and more than the longest sequence has */
};

/* A custom emoji. */
struct emoji {
	int64_t id, guild_id;
	int64_t user_id; /* who added it */
	const char *name;
	const char *picture; /* hash of its content */
	bool is_animated;
};

/* ERR_UNKNOWN_EMOJI when there is none (any more). Says nothing about who may use it. */
enum err emoji_find_by_id(struct sql *db, struct arena *arena, int64_t emoji_id, struct emoji *out) MUST_USE;

/* The one of that name in a workspace. Case counts, as it does in Discord. ERR_UNKNOWN_EMOJI. */
enum err emoji_find_by_name(struct sql *db, struct arena *arena, int64_t guild_id, const char *name,
			    struct emoji *out) MUST_USE;

/* A workspace's emoji by id, which is the order in which they were made; in the arena. */
enum err emoji_list(struct sql *db, struct arena *arena, int64_t guild_id, struct emoji **list, size_t *count) MUST_USE;

/* Discord's object. with_user adds who made it: only those who manage emoji are told. */
enum err emoji_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, const struct emoji *emoji,
		       bool with_user) MUST_USE;

/* The whole list. */
enum err emoji_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t guild_id,
			    bool with_user) MUST_USE;

/* What somebody names: with id 0 the character (or sequence) of Unicode, else a custom emoji of which only the id
 * counts. */
struct emoji_ref {
	int64_t id;
	const char *name; /* in the arena */
};

/* Reads "👍", "name:id" or "a:name:id". ERR_INVALID_EMOJI for anything else; whether a custom one exists is not looked
 * at. A character that is an emoji without U+FE0F as with it gets it, so that both are one reaction. */
enum err emoji_ref_parse(struct arena *arena, const char *text, struct emoji_ref *out) MUST_USE;

/* Whether the actor may put it into that workspace's messages (guild_id 0: a direct message), with these bits there:
 * one of another workspace needs PERM_EXTERNAL_EMOJIS and that the actor is a member of that one. Sets a custom one's
 * name to what it is called now. ERR_INVALID_EMOJI, ERR_MISSING_PERMISSIONS. */
enum err emoji_ref_check(struct apply *apply, int64_t guild_id, uint64_t bits, struct emoji_ref *ref) MUST_USE;

/* The same for a text, where the form stands by itself: without the permission, emoji of other workspaces stand in it by
 * their names, ":name:", as in Discord. Code is no exception, so that no way of writing is one. *text may become another
 * one in the arena. */
enum err emoji_text_settle(struct apply *apply, int64_t guild_id, uint64_t bits, const char **text) MUST_USE;

/* Discord's partial emoji as member key: {id,name}, of a custom one with animated, and available false when it was
 * deleted. */
struct emoji_view {
	int64_t id; /* 0: of Unicode */
	const char *name;
	size_t name_n;
	bool is_animated, is_deleted;
};
void emoji_view_to_json(struct jw *jw, const char *key, const struct emoji_view *view);

/* The same by what is stored: reads whether a custom one is still there. */
enum err emoji_ref_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			   const struct emoji_ref *ref) MUST_USE;

/* Takes the emoji of a workspace that goes: part of guild_delete. */
enum err emoji_delete_all(struct apply *apply, int64_t guild_id) MUST_USE;

/* Adding needs PERM_CREATE_EXPRESSIONS or PERM_MANAGE_EXPRESSIONS; changing and deleting one's own the same, others'
 * PERM_MANAGE_EXPRESSIONS. Each tells GUILD_EMOJIS_UPDATE with all that there are. */
struct emoji_create_input {
	struct field_set set;
	int64_t guild_id;
	const char *name;
	const char *picture; /* base64url of front/picture.h's */
};
extern const struct field emoji_create_fields[];
apply_function emoji_create_apply; /* {"emoji":{…}}; ERR_EMOJI_NAME_TAKEN, ERR_TOO_MANY_EMOJIS, ERR_BAD_PICTURE */

struct emoji_update_input {
	struct field_set set;
	int64_t guild_id, emoji_id;
	const char *name;
};
extern const struct field emoji_update_fields[];
apply_function emoji_update_apply; /* {"emoji":{…}}; ERR_EMOJI_NAME_TAKEN, ERR_UNKNOWN_EMOJI */

struct emoji_delete_input {
	struct field_set set;
	int64_t guild_id, emoji_id;
};
extern const struct field emoji_delete_fields[];
apply_function emoji_delete_apply; /* {} */

#endif
