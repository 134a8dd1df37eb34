/* Previews of links: what the pages that a message links to say of themselves, shown below it as embeds.
 *
 * A post or an edit with a link adds a job that holds the message's id and nothing else, so that a message which is
 * deleted meanwhile leaves no address behind. snug-worker reads the message, asks the sites (work/previewer.h) and
 * sends message_preview, which counts only for the text that was read: an edit asks anew. */
#ifndef SNUG_DOMAIN_PREVIEW_PREVIEW_H
#define SNUG_DOMAIN_PREVIEW_PREVIEW_H

#include "base/str.h"
#include "domain/apply.h"
#include "json/json.h"

#define JOB_KIND_PREVIEW "preview"

enum {
	PREVIEWS_MAX = 5, /* of a message */
	PREVIEW_TITLE_MAX = 256,
	PREVIEW_DESCRIPTION_MAX = 350,
	PREVIEW_SITE_MAX = 100,
	PREVIEW_URL_MAX = 2048,
};

/* Part of what posts or changes a message: adds the job if previews are on, the author may embed links (bits) and the
 * text may hold one. flags are the message's. */
enum err preview_ask(struct apply *apply, int64_t message_id, const char *content, int64_t flags,
		     uint64_t bits) MUST_USE;

/* What snug-worker reads to do such a job. */
struct preview_source {
	const char *content;  /* in the arena */
	int64_t edited_at_ms; /* 0: never; names the text that was read */
};

/* ERR_UNKNOWN_MESSAGE when it is gone, or wants none. */
enum err preview_source_find(struct sql *db, struct arena *arena, int64_t message_id,
			     struct preview_source *out) MUST_USE;

struct message_preview_input {
	struct field_set set;
	int64_t message_id;
	int64_t edited_at_ms; /* of preview_source */
	json_t *previews; /* [{"url":"…","title":"…","description":"…","site":"…"}]; all but url may be absent */
};
extern const struct field message_preview_fields[];

/* Puts them below the message, in the place of those that it has, and tells who sees it (MESSAGE_UPDATE). Changes
 * nothing when they are there already, and when the message is gone, has another text by now, wants no embeds, or its
 * author may not embed links any more. ERR_INVALID_FORM for what no honest worker sends. */
apply_function message_preview_apply;

#endif
