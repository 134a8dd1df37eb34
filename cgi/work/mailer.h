/* Sends mail jobs: a few at once, each by a child (work/mail_program.h). A mail that the server refuses is dead; one
 * that it puts off is tried again later. When the server itself fails, nothing is leased for a while, and then one mail
 * at a time until it answers again: a dead server costs a look now and then, and no mail its attempts. */
#ifndef SNUG_WORK_MAILER_H
#define SNUG_WORK_MAILER_H

#include "work/child.h"
#include "work/jobs.h"
#include "work/mail_message.h"
#include "work/polls.h"
#include "work/work.h"

enum {
	MAIL_AT_ONCE = 3,
	MAIL_PAUSE_MIN_MS = 4000, /* after the first failure of the server; then twice as long each time */
	MAIL_PAUSE_MAX_MS = 300 * 1000,
};

enum mail_slot_state {
	MAIL_SLOT_FREE,
	MAIL_SLOT_SENDING,
	MAIL_SLOT_ENDED, /* the store is to be told the outcome */
};

struct mail_slot {
	enum mail_slot_state state;
	struct leased_job job;
	struct child child;
	struct job_outcome outcome;
	int64_t forget_at_ms; /* ENDED: the lease is over, and telling is of no use */
};

struct mailer {
	const struct work_options *options; /* borrowed */
	struct jobs *jobs;
	struct job_watch watch;
	struct tmpl_set *templates; /* NULL until the first mail */
	struct arena arena;         /* of one mail */
	struct mail_slot slots[MAIL_AT_ONCE];
	int64_t resume_at_ms; /* monotonic: nothing is leased before */
	int64_t tell_at_ms;   /* when the store is told again what it did not hear */
	int failures;         /* of the server, in a row */
};

void mailer_init(struct mailer *mailer, const struct work_options *options, struct jobs *jobs);

/* Adds what it waits for; takes what is due, and sends and ends what it has. is_ending: nothing more is taken. */
void mailer_wait(const struct mailer *mailer, struct polls *polls, bool is_ending);
void mailer_turn(struct mailer *mailer, bool is_ending);

bool mailer_is_idle(const struct mailer *mailer);

/* Kills what is being sent; its lease ends by itself, and whoever takes it then sends it again. */
void mailer_close(struct mailer *mailer);

#endif
