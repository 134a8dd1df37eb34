/* Invariants: a slot is FETCHING exactly when its child runs; what a slot holds of a message lies in its arena. */
#include "work/previewer.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/pass.h"
#include "domain/job/job.h"
#include "text/markdown.h"
#include "work/fetch_program.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TELL_EVERY_MS = 1000 };

/* Nobody waits for the previews of messages that are older: after a long stop, or in a flood. */
#define PREVIEW_AGE_MAX_MS (INT64_C(10) * 60 * 1000)

static const struct child_limits limits = {
    .memory_bytes = INT64_C(512) * 1024 * 1024,
    .answer_bytes = FETCH_ANSWER_MAX_BYTES,
    .cpu_s = 5,
    .descriptors = 64,
    .wall_ms = FETCH_WALL_MS,
};
_Static_assert(PREVIEWS_MAX *FETCH_WALL_MS + 5000 < JOB_LEASE_MS, "who fetches still holds the lease");

void previewer_init(struct previewer *previewer, const struct work_options *options, struct jobs *jobs)
{
	*previewer = (struct previewer){.options = options, .jobs = jobs, .watch = {.kind = JOB_KIND_PREVIEW}};
	for (int i = 0; i < PREVIEW_AT_ONCE; i++)
		arena_init(&previewer->slots[i].arena);
}

static void free_slot(struct preview_slot *slot)
{
	struct arena arena = slot->arena;
	free(slot->job.payload);
	arena_reset(&arena);
	*slot = (struct preview_slot){.arena = arena};
}

/* Tells the store, first what was found and then that the job is done: killed in between, it comes again. */
static enum err tell_store(struct previewer *previewer, struct preview_slot *slot)
{
	const struct job_outcome outcome = {.is_done = true};
	struct buf *input = buf_in_arena(&slot->arena);
	struct jw jw;
	if (slot->previews != NULL) {
		jw_init(&jw, input);
		jw_object(&jw, NULL);
		jw_id(&jw, "message_id", slot->message_id);
		jw_int(&jw, "edited_at_ms", slot->edited_at_ms);
		jw_array(&jw, "previews");
		if (slot->previews->n > 0)
			jw_raw(&jw, NULL, slot->previews->p, slot->previews->n);
		jw_array_end(&jw);
		jw_object_end(&jw);
		TRY(jobs_submit(previewer->jobs, OP_message_preview, input));
	}
	return jobs_end(previewer->jobs, &slot->job, &outcome);
}

static void tell(struct previewer *previewer, struct preview_slot *slot)
{
	enum err err = tell_store(previewer, slot);
	int64_t now_ms = clock_monotonic_ms();
	previewer->watch.look_at_ms = 0;
	if (err == ERR_INVALID_FORM) { /* a page said what the store does not take: without previews then */
		slot->previews = NULL;
		err = tell_store(previewer, slot);
	}
	if (err != ERR_OK && now_ms < slot->forget_at_ms) {
		previewer->tell_at_ms = now_ms + TELL_EVERY_MS;
		return;
	}
	if (err != ERR_OK)
		log_event(LOG_WARN, "job_not_ended", log_number("job", slot->job.id),
			  log_text("error", err_info(err)->name));
	free_slot(slot);
}

static void end(struct previewer *previewer, struct preview_slot *slot)
{
	slot->state = PREVIEW_SLOT_ENDED;
	tell(previewer, slot);
}

static bool start(struct previewer *previewer, struct preview_slot *slot, struct str url)
{
	struct buf *text = buf_in_arena(&slot->arena);
	struct jw jw;
	jw_init(&jw, text);
	jw_object(&jw, NULL);
	jw_text_n(&jw, "url", url.p, url.n);
	jw_text(&jw, "allow", config_text(previewer->options->config, CONFIG_LINK_PREVIEWS_ALLOW));
	jw_object_end(&jw);
	int question = text->n <= FETCH_QUESTION_MAX_BYTES ? pass_memfd("snug-fetch", text->p, text->n) : -1;
	bool is_started = question >= 0 && child_start(&slot->child, previewer->options->fetch_program, "snug-fetch",
						       NULL, question, &limits);
	if (!is_started)
		log_event(LOG_ERROR, "fetch_not_started", log_text("error", strerror(errno)));
	if (question >= 0)
		(void)close(question);
	return is_started;
}

/* The next page that can be asked, or the end. */
static void go_on(struct previewer *previewer, struct preview_slot *slot)
{
	while (slot->next_link < slot->link_count) {
		if (start(previewer, slot, slot->links[slot->next_link++])) {
			slot->state = PREVIEW_SLOT_FETCHING;
			return;
		}
	}
	end(previewer, slot);
}

/* Reads the message as it is now. False where there is nothing to preview. */
static bool read_message(struct previewer *previewer, struct preview_slot *slot)
{
	struct preview_source source;
	json_t *payload;
	if (json_parse_own(&slot->arena, slot->job.payload, strlen(slot->job.payload), &payload) != ERR_OK)
		return false;
	slot->message_id = json_id(payload, "message_id");
	struct sql *db = jobs_database(previewer->jobs);
	if (db == NULL || preview_source_find(db, &slot->arena, slot->message_id, &source) != ERR_OK)
		return false;
	int64_t written_at_ms = source.edited_at_ms != 0 ? source.edited_at_ms : id_created_at_ms(slot->message_id);
	if (written_at_ms < clock_now_ms() - PREVIEW_AGE_MAX_MS)
		return false;
	slot->edited_at_ms = source.edited_at_ms;
	slot->link_count = markdown_links(&slot->arena, str_from(source.content), slot->links, PREVIEWS_MAX);
	slot->previews = buf_in_arena(&slot->arena);
	return true;
}

static void begin(struct previewer *previewer, struct preview_slot *slot)
{
	slot->forget_at_ms = clock_monotonic_ms() + JOB_LEASE_MS;
	if (config_flag(previewer->options->config, CONFIG_LINK_PREVIEWS) && read_message(previewer, slot))
		go_on(previewer, slot);
	else
		end(previewer, slot);
}

/* The child's answer is JSON that read strangers' bytes: it is parsed and written anew. */
static void take_answer(struct preview_slot *slot)
{
	struct buf *answer = buf_in_arena(&slot->arena);
	json_t *preview;
	if (!pass_memfd_read(slot->child.answer, FETCH_ANSWER_MAX_BYTES, answer) ||
	    json_parse(&slot->arena, answer->p, answer->n, &preview) != ERR_OK)
		return;
	struct str text = json_write(&slot->arena, preview);
	if (slot->previews->n > 0)
		buf_putc(slot->previews, ',');
	buf_put(slot->previews, text.p, text.n);
}

static void finish(struct previewer *previewer, struct preview_slot *slot, enum child_verdict verdict)
{
	if (verdict == CHILD_DONE)
		take_answer(slot);
	child_close(&slot->child);
	log_event(LOG_INFO, "page_asked", log_number("job", slot->job.id), log_number("verdict", verdict));
	go_on(previewer, slot);
}

static int free_slots(const struct previewer *previewer)
{
	int count = 0;
	for (int i = 0; i < PREVIEW_AT_ONCE; i++)
		count += previewer->slots[i].state == PREVIEW_SLOT_FREE;
	return count;
}

static struct preview_slot *next_free(struct previewer *previewer)
{
	struct preview_slot *slot = previewer->slots;
	while (slot->state != PREVIEW_SLOT_FREE)
		slot++;
	return slot;
}

static void lease(struct previewer *previewer)
{
	struct leased_job list[PREVIEW_AT_ONCE];
	int count, max = free_slots(previewer);
	if (max == 0 || !jobs_are_due(previewer->jobs, &previewer->watch))
		return;
	if (jobs_lease(previewer->jobs, JOB_KIND_PREVIEW, max, list, &count) != ERR_OK)
		return;
	if (count == max)
		previewer->watch.look_at_ms = 0; /* there may be more */
	for (int i = 0; i < count; i++) {
		struct preview_slot *slot = next_free(previewer);
		slot->job = list[i];
		slot->state = PREVIEW_SLOT_ENDED;
		begin(previewer, slot);
	}
}

void previewer_turn(struct previewer *previewer, bool is_ending)
{
	enum child_verdict verdict;
	for (int i = 0; i < PREVIEW_AT_ONCE; i++) {
		struct preview_slot *slot = &previewer->slots[i];
		if (slot->state == PREVIEW_SLOT_FETCHING && child_has_ended(&slot->child, &verdict))
			finish(previewer, slot, verdict);
		else if (slot->state == PREVIEW_SLOT_ENDED && clock_monotonic_ms() >= previewer->tell_at_ms)
			tell(previewer, slot);
	}
	if (!is_ending)
		lease(previewer);
}

void previewer_wait(const struct previewer *previewer, struct polls *polls, bool is_ending)
{
	for (int i = 0; i < PREVIEW_AT_ONCE; i++) {
		const struct preview_slot *slot = &previewer->slots[i];
		if (slot->state == PREVIEW_SLOT_FETCHING) {
			polls_add(polls, slot->child.pidfd);
			polls_until(polls, slot->child.kill_at_ms);
		} else if (slot->state == PREVIEW_SLOT_ENDED) {
			polls_until(polls, previewer->tell_at_ms);
		}
	}
	/* Without room it is the end of a fetch that makes some. */
	if (!is_ending && free_slots(previewer) > 0)
		polls_until(polls, jobs_look_at_ms(previewer->jobs, &previewer->watch));
}

bool previewer_is_idle(const struct previewer *previewer)
{
	return free_slots(previewer) == PREVIEW_AT_ONCE;
}

void previewer_close(struct previewer *previewer)
{
	for (int i = 0; i < PREVIEW_AT_ONCE; i++) {
		if (previewer->slots[i].state == PREVIEW_SLOT_FETCHING)
			child_kill(&previewer->slots[i].child);
		free_slot(&previewer->slots[i]);
		arena_free(&previewer->slots[i].arena);
	}
}
