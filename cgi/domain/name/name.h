/* What people type for people, roles, channels and emoji, and what is stored: "@ann", "@Ann Lee", "@crew", "#general",
 * ":party:", ":smile:" and <@id>, <@&id>, <#id>, <:party:id>, the character itself. A name means something only where
 * it means one thing: a username first, then a display name, nickname or role that nobody and nothing else has among
 * who may see the channel. Lookups go by index, and there are so many at most; what means nothing stays text. */
#ifndef SNUG_DOMAIN_NAME_NAME_H
#define SNUG_DOMAIN_NAME_NAME_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "sql/sql.h"

/* Where a text stands and who wrote it: of channels, they name those that they see. */
struct name_place {
	int64_t channel_id, author_id;
};

/* text is valid UTF-8; *out is in the arena, or text itself. */
enum err name_to_stored(struct sql *db, struct arena *arena, const struct name_place *place, struct str text,
			struct str *out) MUST_USE;

/* The other way, for who edits the text: a text that name_to_stored makes this one of again, or itself. */
enum err name_to_typed(struct sql *db, struct arena *arena, const struct name_place *place, struct str text,
		       struct str *out) MUST_USE;

#endif
