/* Beginning to talk with somebody: one person ticked is a direct message, several are a group. */
#include "domain/channel/channel_browse.h"
#include "domain/channel/channel_direct.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page_input.h"
#include "page/settings.h"
#include "text/fragment.h"

static const struct page_field fields[] = {
    {"q", false}, {"name", false}, {"recipients", false}, {"recipient_id", false}, {NULL, false}};
static const struct page_form form = {fields, NULL};

static enum err render(struct request *request, struct response *response, enum err why)
{
	const struct channel_candidates others = {request->path.guild_id, 0, request->caller.user_id,
						  form_find(&request->query, "q")};
	struct page page;
	struct view *data, *people;

	TRY(page_read_again(request));
	page_begin(&page, request, response);
	page_csrf(&page);
	TRY(page_settings(&page, PAGE_AT_PEOPLE));
	jw_id(&page.jw, "guild_id", request->path.guild_id);
	TRY(channel_candidates_to_json(request->db, request->arena, &page.jw, "people", &others));
	TRY(page_form(&page, &form, why));
	TRY(page_data(&page, &data));
	people = view_find(data, "people");
	for (struct view *each = people->first; each; each = each->next) {
		struct str id = view_text(each, "id");
		const char *box = arena_printf(request->arena, "user-%.*s", (int)id.n, id.p);
		fragment_user(request->arena, each);
		view_put_flag(request->arena, each, "is_chosen", form_find(&request->form, box) != NULL);
	}
	view_put_flag(request->arena, data, "has_people", people->first != NULL);
	return page_finish(&page, "page/people");
}

enum err page_people_show(struct request *request, struct response *response)
{
	return render(request, response, ERR_OK);
}

void page_people_refused(struct request *request, struct response *response, enum err why)
{
	if (render(request, response, why) == ERR_OK)
		return;
	reply_clear(response);
	page_error(request, response, why);
}

/* A group is of this workspace, and may have a name; a direct message is of two people and nothing else. */
static void write_group(struct page_input *input)
{
	page_input_begin(input, input->request);
	page_input_text(input, "name");
	page_input_ids(input, "recipients", "user-");
}

static void write_direct(struct page_input *input, int64_t user_id)
{
	input->text = buf_in_arena(input->request->arena);
	jw_init(&input->jw, input->text);
	jw_object(&input->jw, NULL);
	jw_id(&input->jw, "recipient_id", user_id);
}

enum err page_people(struct request *request, struct response *response)
{
	struct page_input input = {.request = request};
	int64_t ids[FORM_FIELDS_MAX];
	size_t count = page_form_ids(request, "user-", ids);
	struct op_reply reply;
	struct view *result;

	if (count == 0) {
		field_errors_add(&request->errors, "recipients", "BASE_TYPE_REQUIRED", "Choose at least one person.");
		return ERR_INVALID_FORM;
	}
	if (count == 1)
		write_direct(&input, ids[0]);
	else
		write_group(&input);
	TRY(page_input_submit(&input, OP_direct_create, &reply));
	TRY(view_parse(request->arena, reply.result.p, reply.result.n, &result));
	reply_redirect(response, page_channel_path(request, 0, view_id(view_find(result, "channel"), "id")));
	return ERR_OK;
}
