/* Does preview jobs (domain/preview): reads the message, asks the pages that it links to one after the other, each by a
 * child (work/fetch_program.h), and tells the store what they said. A page that says nothing, or is not to be asked,
 * has no preview; it is not tried again. A worker that is killed in between does it all once more, which changes
 * nothing. */
#ifndef SNUG_WORK_PREVIEWER_H
#define SNUG_WORK_PREVIEWER_H

#include "domain/preview/preview.h"
#include "work/child.h"
#include "work/jobs.h"
#include "work/polls.h"
#include "work/work.h"

enum { PREVIEW_AT_ONCE = 3 };

enum preview_slot_state {
	PREVIEW_SLOT_FREE,
	PREVIEW_SLOT_FETCHING,
	PREVIEW_SLOT_ENDED, /* the store is to be told */
};

struct preview_slot {
	enum preview_slot_state state;
	struct leased_job job;
	struct arena arena; /* of the job; emptied when the slot is freed */
	int64_t message_id, edited_at_ms;
	struct str links[PREVIEWS_MAX];
	size_t link_count, next_link;
	struct buf *previews; /* JSON objects, separated by commas; NULL: nothing is to be told but the end */
	struct child child;
	int64_t forget_at_ms; /* ENDED: the lease is over, and telling is of no use */
};

struct previewer {
	const struct work_options *options; /* borrowed */
	struct jobs *jobs;
	struct job_watch watch;
	struct preview_slot slots[PREVIEW_AT_ONCE];
	int64_t tell_at_ms; /* when the store is told again what it did not hear */
};

void previewer_init(struct previewer *previewer, const struct work_options *options, struct jobs *jobs);

/* Adds what it waits for; takes what is due, and goes on with what it has. is_ending: nothing more is taken. */
void previewer_wait(const struct previewer *previewer, struct polls *polls, bool is_ending);
void previewer_turn(struct previewer *previewer, bool is_ending);

bool previewer_is_idle(const struct previewer *previewer);
void previewer_close(struct previewer *previewer); /* kills what is in hand */

#endif
