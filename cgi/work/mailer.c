#include "work/mailer.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/pass.h"
#include "domain/job/job.h"
#include "domain/mail/mail.h"
#include "work/mail_program.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TELL_EVERY_MS = 1000 };

static const struct child_limits limits = {
    .memory_bytes = INT64_C(512) * 1024 * 1024,
    .answer_bytes = MAIL_ANSWER_MAX_BYTES,
    .cpu_s = 10,
    .descriptors = 64,
    .wall_ms = MAIL_WALL_MS,
};
_Static_assert(MAIL_WALL_MS < JOB_LEASE_MS, "who sends still holds the lease");

void mailer_init(struct mailer *mailer, const struct work_options *options, struct jobs *jobs)
{
	*mailer = (struct mailer){.options = options, .jobs = jobs, .watch = {.kind = JOB_KIND_MAIL}};
	arena_init(&mailer->arena);
}

static void free_slot(struct mail_slot *slot)
{
	if (slot->job.payload != NULL)
		secret_wipe(slot->job.payload, strlen(slot->job.payload));
	free(slot->job.payload);
	*slot = (struct mail_slot){0};
}

/* Tells the store; a slot that it could not be told of keeps its outcome until the lease is over. */
static void tell(struct mailer *mailer, struct mail_slot *slot)
{
	enum err err = jobs_end(mailer->jobs, &slot->job, &slot->outcome);
	int64_t now_ms = clock_monotonic_ms();
	mailer->watch.look_at_ms = 0;
	if (err != ERR_OK && now_ms < slot->forget_at_ms) {
		mailer->tell_at_ms = now_ms + TELL_EVERY_MS;
		return;
	}
	if (err != ERR_OK)
		log_event(LOG_WARN, "job_not_ended", log_number("job", slot->job.id),
			  log_text("error", err_info(err)->name));
	free_slot(slot);
}

static void end(struct mailer *mailer, struct mail_slot *slot, struct job_outcome outcome)
{
	slot->state = MAIL_SLOT_ENDED;
	slot->outcome = outcome;
	if (outcome.is_done)
		log_event(LOG_INFO, "mail_sent", log_number("job", slot->job.id));
	else if (!outcome.is_untouched)
		log_event(LOG_WARN, "mail_not_sent", log_number("job", slot->job.id),
			  log_number("attempt", slot->job.attempt), log_number("is_final", outcome.is_final),
			  log_text("why", outcome.error));
	tell(mailer, slot);
}

static void end_for_good(struct mailer *mailer, struct mail_slot *slot, const char *why)
{
	struct job_outcome outcome = {.is_final = true};
	(void)snprintf(outcome.error, sizeof(outcome.error), "%s", why);
	end(mailer, slot, outcome);
}

/* Everything that snug-mail has to know, as one JSON object in memory without a name. */
static int make_question(struct mailer *mailer, const struct mail_message *message)
{
	const struct config *config = mailer->options->config;
	struct buf *text = buf_in_arena(&mailer->arena);
	struct jw jw;
	jw_init(&jw, text);
	jw_object(&jw, NULL);
	jw_text(&jw, "url", config_text(config, CONFIG_SMTP_URL));
	jw_text(&jw, "user", config_text(config, CONFIG_SMTP_USER));
	jw_text(&jw, "password", mailer->options->smtp_password);
	jw_text(&jw, "tls", config_text(config, CONFIG_SMTP_TLS));
	jw_text(&jw, "authorities", config_text(config, CONFIG_SMTP_CA));
	jw_text(&jw, "from", message->from);
	jw_text(&jw, "to", message->to);
	jw_text_n(&jw, "content", message->content->p, message->content->n);
	jw_object_end(&jw);
	int question = text->n <= MAIL_QUESTION_MAX_BYTES ? pass_memfd("snug-mail", text->p, text->n) : -1;
	secret_wipe(text->p, text->n);
	return question;
}

static bool start(struct mailer *mailer, struct mail_slot *slot, const struct mail_message *message)
{
	int question = make_question(mailer, message);
	bool is_started = question >= 0 && child_start(&slot->child, mailer->options->mail_program, "snug-mail", NULL,
						       question, &limits);
	if (!is_started)
		log_event(LOG_ERROR, "mail_not_started", log_text("error", strerror(errno)));
	if (question >= 0)
		(void)close(question);
	return is_started;
}

static void begin(struct mailer *mailer, struct mail_slot *slot)
{
	struct mail_message message;
	const char *why = NULL;
	slot->forget_at_ms = clock_monotonic_ms() + JOB_LEASE_MS;
	if (mailer->templates == NULL && tmpl_set_open(mailer->options->templates_path, &mailer->templates) != ERR_OK)
		end(mailer, slot, (struct job_outcome){.error = "the templates cannot be read"});
	else if (mail_message_make(&mailer->arena, mailer->templates, mailer->options->config, slot->job.id,
				   slot->job.payload, &message, &why) != ERR_OK)
		end_for_good(mailer, slot, why);
	else if (message.expires_at_ms != 0 && message.expires_at_ms <= clock_now_ms())
		end_for_good(mailer, slot, "it would have come too late");
	else if (start(mailer, slot, &message))
		slot->state = MAIL_SLOT_SENDING;
	else
		end(mailer, slot, (struct job_outcome){.error = "the worker could not start snug-mail"});
	arena_reset(&mailer->arena);
}

/* The server's own words are in it: what is no printable ASCII becomes a question mark. */
static void read_answer(struct mailer *mailer, const struct child *child, char out[], size_t size)
{
	struct buf *answer = buf_in_arena(&mailer->arena);
	size_t n = 0;
	if (pass_memfd_read(child->answer, MAIL_ANSWER_MAX_BYTES, answer)) {
		for (; n < answer->n && n < JOB_ERROR_MAX && n + 1 < size && answer->p[n] != '\n'; n++)
			out[n] = answer->p[n] >= ' ' && answer->p[n] <= '~' ? answer->p[n] : '?';
	}
	out[n] = '\0';
	arena_reset(&mailer->arena);
}

static void pause_mail(struct mailer *mailer)
{
	int64_t pause_ms = MAIL_PAUSE_MIN_MS;
	for (int i = 0; i < mailer->failures && pause_ms < MAIL_PAUSE_MAX_MS; i++)
		pause_ms *= 2;
	if (pause_ms > MAIL_PAUSE_MAX_MS)
		pause_ms = MAIL_PAUSE_MAX_MS;
	mailer->failures++;
	mailer->resume_at_ms = clock_monotonic_ms() + pause_ms;
	log_event(LOG_WARN, "mail_paused", log_number("for_ms", pause_ms));
}

static void finish(struct mailer *mailer, struct mail_slot *slot, enum child_verdict verdict)
{
	struct job_outcome outcome = {.is_done = verdict == CHILD_DONE, .is_final = verdict == CHILD_REFUSED};
	bool is_late = slot->child.is_killed;
	read_answer(mailer, &slot->child, outcome.error, sizeof(outcome.error));
	child_close(&slot->child);
	if (outcome.error[0] == '\0' && !outcome.is_done)
		(void)snprintf(outcome.error, sizeof(outcome.error), "%s",
			       is_late ? "the mail server took too long" : "snug-mail ended without a word");
	if (verdict == CHILD_ELSEWHERE || is_late)
		pause_mail(mailer);
	else if (verdict == CHILD_DONE || verdict == CHILD_REFUSED || verdict == CHILD_LATER)
		mailer->failures = 0; /* the server answers for itself */
	end(mailer, slot, outcome);
}

static int free_slots(const struct mailer *mailer)
{
	int count = 0;
	for (int i = 0; i < MAIL_AT_ONCE; i++)
		count += mailer->slots[i].state == MAIL_SLOT_FREE;
	return count;
}

static struct mail_slot *next_free(struct mailer *mailer)
{
	struct mail_slot *slot = mailer->slots;
	while (slot->state != MAIL_SLOT_FREE)
		slot++;
	return slot;
}

/* What waits for a server that was taken out of the configuration waits in vain, with what is in it. */
static void bury(struct mailer *mailer, struct mail_slot *slot)
{
	end_for_good(mailer, slot, "mail is switched off: smtp_url is empty");
}

/* How many mails may be begun: a server that failed is asked with one until it takes it. */
static int room(const struct mailer *mailer)
{
	int free = free_slots(mailer);
	if (mailer->failures == 0)
		return free;
	return free == MAIL_AT_ONCE ? 1 : 0;
}

static void lease(struct mailer *mailer)
{
	struct leased_job list[MAIL_AT_ONCE];
	bool is_on = mail_is_on(mailer->options->config);
	int count, max = room(mailer);
	if (max == 0 || clock_monotonic_ms() < mailer->resume_at_ms || !jobs_are_due(mailer->jobs, &mailer->watch))
		return;
	if (jobs_lease(mailer->jobs, JOB_KIND_MAIL, max, list, &count) != ERR_OK)
		return;
	if (count == max)
		mailer->watch.look_at_ms = 0; /* there may be more */
	for (int i = 0; i < count; i++) {
		struct mail_slot *slot = next_free(mailer);
		*slot = (struct mail_slot){.job = list[i], .state = MAIL_SLOT_ENDED};
		if (is_on)
			begin(mailer, slot);
		else
			bury(mailer, slot);
	}
}

void mailer_turn(struct mailer *mailer, bool is_ending)
{
	enum child_verdict verdict;
	for (int i = 0; i < MAIL_AT_ONCE; i++) {
		struct mail_slot *slot = &mailer->slots[i];
		if (slot->state == MAIL_SLOT_SENDING && child_has_ended(&slot->child, &verdict))
			finish(mailer, slot, verdict);
		else if (slot->state == MAIL_SLOT_ENDED && clock_monotonic_ms() >= mailer->tell_at_ms)
			tell(mailer, slot);
	}
	if (!is_ending)
		lease(mailer);
}

void mailer_wait(const struct mailer *mailer, struct polls *polls, bool is_ending)
{
	for (int i = 0; i < MAIL_AT_ONCE; i++) {
		const struct mail_slot *slot = &mailer->slots[i];
		if (slot->state == MAIL_SLOT_SENDING) {
			polls_add(polls, slot->child.pidfd);
			polls_until(polls, slot->child.kill_at_ms);
		} else if (slot->state == MAIL_SLOT_ENDED) {
			polls_until(polls, mailer->tell_at_ms);
		}
	}
	/* Without room it is the end of a mail that makes some. */
	int64_t look_at_ms = jobs_look_at_ms(mailer->jobs, &mailer->watch);
	if (!is_ending && room(mailer) > 0)
		polls_until(polls, look_at_ms > mailer->resume_at_ms ? look_at_ms : mailer->resume_at_ms);
}

bool mailer_is_idle(const struct mailer *mailer)
{
	return free_slots(mailer) == MAIL_AT_ONCE;
}

void mailer_close(struct mailer *mailer)
{
	for (int i = 0; i < MAIL_AT_ONCE; i++) {
		if (mailer->slots[i].state == MAIL_SLOT_SENDING)
			child_kill(&mailer->slots[i].child);
		free_slot(&mailer->slots[i]);
	}
	tmpl_set_close(mailer->templates);
	arena_free(&mailer->arena);
}
