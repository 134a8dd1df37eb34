/* Polls: a question and up to ten answers that hang on a message (Discord's poll object). Invariants:
 * poll_answers.count is how many rows of poll_votes it has, so that showing a poll counts nothing; where only one
 * answer may be chosen a person has one row at most; nothing changes once the poll is over, which its time or its
 * author decides. The store then makes the results final and tells of them by MESSAGE_UPDATE (poll_end_due). */
#ifndef SNUG_DOMAIN_POLL_POLL_H
#define SNUG_DOMAIN_POLL_POLL_H

#include "domain/apply.h"
#include "domain/emoji/emoji.h"
#include "json/json.h"

/* Lengths in code points. */
enum {
	POLL_QUESTION_MAX = 300,
	POLL_ANSWER_MAX = 55,
	POLL_ANSWERS_MAX = 10,
	POLL_HOURS_INITIAL = 24,
	POLL_HOURS_MAX = 32 * 24,
	POLL_PAGE_MAX = 100,
	POLL_PAGE_INITIAL = 25,
};

/* Writes the member `poll` of a message, with the results as they are. viewer_id is whose own votes are marked by
 * `me_voted`; 0 is nobody. */
enum err poll_of_message_to_json(struct sql *db, struct jw *jw, int64_t message_id, int64_t viewer_id) MUST_USE;

/* Who voted for an answer, by user id from after it on. */
struct poll_page {
	int64_t answer_id, after;
	int limit; /* 1 to POLL_PAGE_MAX */
};

/* An array of users. ERR_NO_POLL. Says nothing about who may see the message. */
enum err poll_voters_to_json(struct sql *db, struct jw *jw, const char *key, int64_t message_id,
			     const struct poll_page *page) MUST_USE;

/* Parts of message_create: a poll as it came, read before the message is written. */
struct poll_draft {
	const char *question;
	struct {
		const char *text;
		struct emoji_ref emoji; /* name NULL: it has none */
	} answers[POLL_ANSWERS_MAX];
	int answer_count;
	int64_t hours;
	bool is_multiple;
};

/* Reads Discord's poll create request, which is to stand in that workspace (0: a direct message), where the actor has
 * these bits. ERR_MISSING_PERMISSIONS without PERM_SEND_POLLS, ERR_INVALID_EMOJI, ERR_INVALID_FORM with details. */
enum err poll_draft_read(struct apply *apply, const json_t *poll, int64_t guild_id, uint64_t bits,
			 struct poll_draft *out) MUST_USE;

/* Gives the message the poll, and sets its bit in messages.parts. */
enum err poll_insert(struct apply *apply, int64_t message_id, const struct poll_draft *draft) MUST_USE;

/* Takes the poll of a message that is deleted: part of another apply. */
enum err poll_message_gone(struct apply *apply, int64_t message_id) MUST_USE;

/* Makes the results of some polls final whose time is over; *is_done when none are left. House-keeping. */
enum err poll_end_due(struct apply *apply, bool *is_done) MUST_USE;

/* Takes back one vote of somebody who is forgotten; *found is false when none is left. What a poll that is over has
 * counted stays. Part of reaction_forget_more. */
enum err poll_forget_one(struct apply *apply, int64_t user_id, bool *found) MUST_USE;

struct poll_vote_input {
	struct field_set set;
	int64_t channel_id, message_id;
	json_t *answer_ids; /* all that the actor votes for from then on: none takes the vote back; or */
	int64_t answer_id;  /* one of them, */
	bool is_chosen;     /* to be voted for beside the others, or not; where only one may be it is that one */
};
extern const struct field poll_vote_fields[];
/* {}. MESSAGE_POLL_VOTE_ADD and _REMOVE for each answer that changed, with `count`. ERR_NO_POLL, ERR_POLL_ENDED, those
 * of channel_before_response. */
apply_function poll_vote_apply;

struct poll_expire_input {
	struct field_set set;
	int64_t channel_id, message_id;
};
extern const struct field poll_expire_fields[];
apply_function poll_expire_apply; /* {"message":{…}}; its author's alone: ERR_NOT_AUTHOR */

#endif
