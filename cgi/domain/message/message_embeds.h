/* Embeds: what programs put under their messages. Fields and limits are Discord's (developer documentation, "Embed
 * Object"); what else an embed says is left out, so that only what was looked at is ever shown. */
#ifndef SNUG_DOMAIN_MESSAGE_EMBEDS_H
#define SNUG_DOMAIN_MESSAGE_EMBEDS_H

#include "domain/apply.h"
#include "json/json.h"

enum {
	MESSAGE_EMBEDS_MAX = 10,        /* positions 0 to 9; previews of links have those behind */
	MESSAGE_EMBEDS_TEXT_MAX = 6000, /* code points of all embeds of a message together */
	EMBED_TITLE_MAX = 256,
	EMBED_DESCRIPTION_MAX = 4096,
	EMBED_FIELDS_MAX = 25,
	EMBED_FIELD_NAME_MAX = 256,
	EMBED_FIELD_VALUE_MAX = 1024,
	EMBED_FOOTER_MAX = 2048,
	EMBED_AUTHOR_MAX = 256,
	EMBED_URL_MAX = 2048,
};

struct message_embeds {
	const char *texts[MESSAGE_EMBEDS_MAX]; /* JSON, in the arena */
	size_t count;
};

/* Reads what a client sent as embeds: an array or, as eris sends too, one object; NULL, null and {} of the latter are
 * none. Errors: ERR_INVALID_FORM. */
enum err message_embeds_read(struct apply *apply, const json_t *embeds, const json_t *embed,
			     struct message_embeds *out) MUST_USE;

/* Writes them as rows of the message, which has none. */
enum err message_embeds_insert(struct apply *apply, int64_t message_id, const struct message_embeds *embeds) MUST_USE;

/* Puts them in the place of those that the author gave it before; *is_changed unless they are the same. */
enum err message_embeds_replace(struct apply *apply, int64_t message_id, const struct message_embeds *embeds,
				bool *is_changed) MUST_USE;

#endif
