/* Pictures that are kept in the database: avatars, icons and emoji, each once however many use it, under the hash of its
 * content. They are WebP as snug-worker's child has encoded it (front/picture.h), never what somebody uploaded. */
#ifndef SNUG_DOMAIN_PICTURE_PICTURE_H
#define SNUG_DOMAIN_PICTURE_PICTURE_H

#include "base/str.h"
#include "crypto/content_hash.h"
#include "domain/apply.h"

enum {
	PICTURE_MAX_BYTES = 64 * 1024,                     /* of one that is kept */
	PICTURE_TEXT_MAX = (PICTURE_MAX_BYTES * 4 + 2) / 3 /* the same as base64url: max of an op's field */
};

/* Keeps the picture that an op brings as base64url without padding, and writes its hash: to be set in users.avatar,
 * guilds.icon or emojis.picture in the same op. Errors: ERR_BAD_PICTURE. */
enum err picture_put(struct apply *apply, const char *text, char hash[CONTENT_HASH_SIZE]) MUST_USE;

/* Forgets the picture when nobody uses it any more: after users.avatar, guilds.icon or emojis.picture was changed from
 * it. hash may be NULL. */
enum err picture_release(struct apply *apply, const char *hash) MUST_USE;

/* The content of the WebP file, in the arena. Errors: ERR_NOT_FOUND. */
enum err picture_find(struct sql *db, struct arena *arena, const char *hash, struct str *content) MUST_USE;

#endif
