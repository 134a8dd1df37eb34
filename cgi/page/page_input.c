/* See page_input.h. */
#include "page/page_input.h"

#include "base/id.h"

#include <string.h>

enum { NUMBER_DIGITS_MAX = 15 };

void page_input_begin(struct page_input *input, struct request *request)
{
	const struct request_path *path = &request->path;

	*input = (struct page_input){.request = request, .text = buf_in_arena(request->arena)};
	jw_init(&input->jw, input->text);
	jw_object(&input->jw, NULL);
	if (path->guild_id != 0)
		jw_id(&input->jw, "guild_id", path->guild_id);
	if (path->channel_id != 0)
		jw_id(&input->jw, "channel_id", path->channel_id);
	if (path->user_id != 0)
		jw_id(&input->jw, "user_id", path->user_id);
	if (path->role_id != 0)
		jw_id(&input->jw, "role_id", path->role_id);
}

void page_input_text(struct page_input *input, const char *name)
{
	const char *text = form_find(&input->request->form, name);

	if (text != NULL)
		jw_text(&input->jw, name, text);
}

/* What is no number goes as it is, for the op to refuse. */
void page_input_number(struct page_input *input, const char *name)
{
	const char *text = form_find(&input->request->form, name);

	if (text == NULL)
		return;
	size_t n = strlen(text);
	bool is_number =
	    n > 0 && n <= NUMBER_DIGITS_MAX && strspn(text, "0123456789") == n && (n == 1 || text[0] != '0');
	if (is_number)
		jw_raw(&input->jw, name, text, n);
	else
		jw_text(&input->jw, name, text);
}

void page_input_id(struct page_input *input, const char *name)
{
	const char *text = form_find(&input->request->form, name);

	if (text == NULL)
		return;
	jw_text(&input->jw, name, text[0] == '\0' ? NULL : text);
}

void page_input_flag(struct page_input *input, const char *name)
{
	jw_flag(&input->jw, name, form_find(&input->request->form, name) != NULL);
}

size_t page_form_ids(const struct request *request, const char *prefix, int64_t ids[FORM_FIELDS_MAX])
{
	const struct form *form = &request->form;
	size_t count = 0, n = strlen(prefix);

	for (size_t i = 0; i < form->count; i++) {
		const char *name = form->fields[i].name;
		if (strncmp(name, prefix, n) == 0 && id_parse(name + n, strlen(name + n), &ids[count]))
			count++;
	}
	return count;
}

void page_input_ids(struct page_input *input, const char *name, const char *prefix)
{
	int64_t ids[FORM_FIELDS_MAX];
	size_t count = page_form_ids(input->request, prefix, ids);

	jw_array(&input->jw, name);
	for (size_t i = 0; i < count; i++)
		jw_id(&input->jw, NULL, ids[i]);
	jw_array_end(&input->jw);
}

enum err page_input_submit(struct page_input *input, enum op op, struct op_reply *reply)
{
	jw_object_end(&input->jw);
	return front_submit_text(input->request, op, input->text, reply);
}
