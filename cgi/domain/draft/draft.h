/* What somebody is writing and has not sent: one text a channel, the same on all their devices, for nobody else. It is
 * theirs and says nothing of the channel, so it is kept while they may not see that; it is listed, told and changed
 * only while they may.
 *
 * Each state of a draft has a revision, the seq of its event. Who changes it may name the one that they saw: if it is
 * another by now, nothing is changed, and they have both texts in hand. A message takes the draft that it was away with
 * it, in one transaction, and no other: the one of the revision its writer saw, or that their page wrote last itself,
 * which it knows by its nonce before it knows the revision. A message that is repeated takes nothing. */
#ifndef SNUG_DOMAIN_DRAFT_DRAFT_H
#define SNUG_DOMAIN_DRAFT_DRAFT_H

#include "domain/apply.h"

/* The first is of a text in code points, whatever is configured; the second the most that drafts_max may be. */
enum { DRAFT_CONTENT_MAX = 4000, DRAFT_NONCE_MAX = 25, DRAFTS_MAX = 500 };

/* {"channel_id","content","revision","nonce","updated_at"}; of no draft content is "" and the last three are null. */
enum err draft_find_to_json(struct sql *db, struct jw *jw, const char *key, int64_t user_id,
			    int64_t channel_id) MUST_USE;

/* An array of those in channels that the person may see now, the latest first. */
enum err draft_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			    int64_t user_id) MUST_USE;

/* An array of all of them, for their owner to take away. */
enum err draft_export_to_json(struct sql *db, struct jw *jw, const char *key, int64_t user_id) MUST_USE;

/* An array of the ids of the channels in which the person has one, in order. */
enum err draft_channels_to_json(struct sql *db, struct jw *jw, const char *key, int64_t user_id) MUST_USE;

/* Takes away the draft that was sent, if it is still there: by its revision (0: not known) or its nonce (NULL: not
 * known). Part of posting. */
enum err draft_sent(struct apply *apply, int64_t channel_id, int64_t revision, const char *nonce) MUST_USE;

/* Takes all of somebody whose account is deleted: part of user_delete. */
enum err draft_forget_user(struct apply *apply, int64_t user_id) MUST_USE;

/* Both tell the person alone: DRAFT_UPDATE {"channel_id","guild_id","revision","updated_at","is_deleted"}, without the
 * text, so that none is left in the log. What is as it was asked to be changes nothing and has no event. */
struct draft_set_input {
	struct field_set set;
	int64_t channel_id;
	const char *content; /* not trimmed; one of white space alone is no draft, and takes one away */
	const char *nonce;   /* NULL: a new one, or where the text is that of the draft, its own */
	int64_t revision;    /* that was seen; null: that there was none; not given: whatever is there */
};
extern const struct field draft_set_fields[];
/* {"draft":{…}}. Seeing the channel is all it takes. ERR_DRAFT_CHANGED, ERR_TOO_MANY_DRAFTS. */
apply_function draft_set_apply;

struct draft_delete_input {
	struct field_set set;
	int64_t channel_id;
};
extern const struct field draft_delete_fields[];
apply_function draft_delete_apply; /* {}; no permission is needed to let go of something */

#endif
