/* Making a poll: a form of its own, since a composer has no room for ten answers. */
#include "base/id.h"
#include "domain/poll/poll.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/page_input.h"

#include <string.h>

static const struct page_field fields[] = {
    {"question", false},  {"answer-1", false}, {"answer-2", false}, {"answer-3", false}, {"answer-4", false},
    {"answer-5", false},  {"answer-6", false}, {"answer-7", false}, {"answer-8", false}, {"answer-9", false},
    {"answer-10", false}, {"hours", false},    {"multiple", false}, {NULL, false}};
static const struct page_form form = {fields, NULL};

/* What may be chosen, in hours; the words are the template's. */
static const struct {
	const char *flag, *hours;
} durations[] = {{"is_1_hour", "1"},  {"is_4_hours", "4"},  {"is_8_hours", "8"},   {"is_1_day", "24"},
		 {"is_3_days", "72"}, {"is_1_week", "168"}, {"is_2_weeks", "336"}, {"is_32_days", "768"}};

static const char *answer_name(struct request *request, int number)
{
	return arena_printf(request->arena, "answer-%d", number);
}

static void write_durations(struct page *page)
{
	const char *chosen = form_find(&page->request->form, "hours");
	enum { COUNT = sizeof(durations) / sizeof(durations[0]) };

	jw_array(&page->jw, "durations");
	for (size_t i = 0; i < COUNT; i++) {
		jw_object(&page->jw, NULL);
		jw_text(&page->jw, "hours", durations[i].hours);
		for (size_t other = 0; other < COUNT; other++)
			jw_flag(&page->jw, durations[other].flag, other == i);
		jw_flag(&page->jw, "is_chosen", strcmp(durations[i].hours, chosen != NULL ? chosen : "24") == 0);
		jw_object_end(&page->jw);
	}
	jw_array_end(&page->jw);
}

static void write_answers(struct page *page)
{
	struct request *request = page->request;

	jw_array(&page->jw, "answers");
	for (int number = 1; number <= POLL_ANSWERS_MAX; number++) {
		const char *typed = form_find(&request->form, answer_name(request, number));
		jw_object(&page->jw, NULL);
		jw_int(&page->jw, "number", number);
		jw_text(&page->jw, "typed", typed != NULL ? typed : "");
		jw_flag(&page->jw, "is_first", number == 1);
		jw_object_end(&page->jw);
	}
	jw_array_end(&page->jw);
}

static enum err render(struct request *request, struct response *response, enum err why)
{
	struct page page;

	TRY(page_read_again(request));
	page_begin(&page, request, response);
	page_csrf(&page);
	page_place(&page);
	jw_id(&page.jw, "channel_id", request->path.channel_id);
	TRY(page_workspace(&page, request->path.guild_id, request->path.channel_id));
	write_answers(&page);
	write_durations(&page);
	TRY(page_form(&page, &form, why));
	return page_finish(&page, "page/poll_new");
}

enum err page_poll_new_show(struct request *request, struct response *response)
{
	return render(request, response, ERR_OK);
}

/* Answers that were left empty are none, wherever they stand. */
static void input_answers(struct page_input *input)
{
	struct request *request = input->request;

	jw_array(&input->jw, "answers");
	for (int number = 1; number <= POLL_ANSWERS_MAX; number++) {
		const char *typed = form_find(&request->form, answer_name(request, number));
		if (str_trim(str_from(typed)).n == 0)
			continue;
		jw_object(&input->jw, NULL);
		jw_object(&input->jw, "poll_media");
		jw_text(&input->jw, "text", typed);
		jw_object_end(&input->jw);
		jw_object_end(&input->jw);
	}
	jw_array_end(&input->jw);
}

/* One of what may be chosen; 0, which the op refuses, for anything else. */
static int64_t hours_of(const char *typed)
{
	int64_t hours = 0;

	for (size_t i = 0; typed != NULL && i < sizeof(durations) / sizeof(durations[0]); i++) {
		if (strcmp(typed, durations[i].hours) == 0 && id_parse(typed, strlen(typed), &hours))
			return hours;
	}
	return typed == NULL ? POLL_HOURS_INITIAL : 0;
}

enum err page_poll_new(struct request *request, struct response *response)
{
	const char *question = form_find(&request->form, "question");
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	jw_object(&input.jw, "poll");
	jw_object(&input.jw, "question");
	jw_text(&input.jw, "text", question != NULL ? question : "");
	jw_object_end(&input.jw);
	input_answers(&input);
	jw_int(&input.jw, "duration", hours_of(form_find(&request->form, "hours")));
	jw_flag(&input.jw, "allow_multiselect", form_find(&request->form, "multiple") != NULL);
	jw_object_end(&input.jw);
	TRY(page_input_submit(&input, OP_message_create, &reply));
	reply_redirect(response, page_channel_path(request, request->path.guild_id, request->path.channel_id));
	return ERR_OK;
}

void page_poll_new_refused(struct request *request, struct response *response, enum err why)
{
	if (render(request, response, why) == ERR_OK)
		return;
	reply_clear(response);
	page_error(request, response, why);
}
