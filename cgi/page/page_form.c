/* Forms that are shown again with what was typed and what is wrong with it, and the words for an error. See page.h. */
#include "page/page.h"

#include "base/ensure.h"

#include <string.h>

const char *page_error_text(enum err why)
{
	const char *text = err_info(why)->text;
	size_t digits = strspn(text, "0123456789");

	return digits == 3 && strncmp(text + digits, ": ", 2) == 0 ? text + digits + 2 : text;
}

/* What the store said of a field: {"content":{"_errors":[{"code":…,"message":…}]}}. */
static struct str op_message(const struct view *field)
{
	const struct view *list = view_find(field, "_errors");

	return view_text(list != NULL && list->type == VIEW_LIST ? list->first : NULL, "message");
}

/* Empty when nothing is wrong with the field. */
static struct str message_of(const struct request *request, const struct view *op_errors, const char *field)
{
	for (size_t i = 0; i < request->errors.count; i++) {
		if (strcmp(request->errors.list[i].field, field) == 0)
			return str_from(request->errors.list[i].message);
	}
	return op_message(view_find(op_errors, field));
}

static const char *blamed_field(const struct page_form *form, enum err why)
{
	for (const struct page_blame *blame = form->blames; blame != NULL && blame->why != ERR_OK; blame++) {
		if (blame->why == why)
			return blame->field;
	}
	return NULL;
}

static const char *typed(const struct request *request, const struct form *initial, const struct page_field *field)
{
	const char *text = NULL;

	if (field->is_secret)
		return "";
	if (request->form.count > 0)
		text = form_find(&request->form, field->name);
	if (text == NULL && initial != NULL)
		text = form_find(initial, field->name);
	else if (text == NULL && request->form.count == 0)
		text = form_find(&request->query, field->name);
	return text != NULL ? text : "";
}

void page_form_put(struct form *form, const char *name, const char *value)
{
	ensure(form->count < FORM_FIELDS_MAX);
	form->fields[form->count++] = (struct form_field){name, value != NULL ? value : ""};
}

enum err page_form(struct page *page, const struct page_form *form, enum err why)
{
	return page_form_of(page, form, NULL, why);
}

enum err page_form_of(struct page *page, const struct page_form *form, const struct form *initial, enum err why)
{
	struct request *request = page->request;
	const char *blamed = blamed_field(form, why);
	bool is_told = why == ERR_OK; /* some field says what is wrong */
	struct view *op_errors = NULL;

	if (request->op_errors.n > 0)
		TRY(view_parse(request->arena, request->op_errors.p, request->op_errors.n, &op_errors));
	jw_object(&page->jw, "form");
	for (const struct page_field *field = form->fields; field->name != NULL; field++)
		jw_text(&page->jw, field->name, typed(request, initial, field));
	jw_object_end(&page->jw);

	jw_object(&page->jw, "errors");
	for (const struct page_field *field = form->fields; field->name != NULL; field++) {
		struct str message = message_of(request, op_errors, field->name);
		if (message.n == 0 && blamed != NULL && strcmp(blamed, field->name) == 0)
			message = str_from(page_error_text(why));
		if (message.n > 0)
			jw_text_n(&page->jw, field->name, message.p, message.n);
		else
			jw_null(&page->jw, field->name);
		is_told = is_told || message.n > 0;
	}
	jw_object_end(&page->jw);
	if (is_told)
		jw_null(&page->jw, "problem");
	else
		page_problem(page, why);
	return ERR_OK;
}

/* The first thing that is wrong with a form says more than that something is. */
static struct str problem_text(const struct request *request, enum err why)
{
	struct view *op_errors = NULL;
	struct str message = {"", 0};

	if (why == ERR_INVALID_FORM && request->errors.count > 0)
		return str_from(request->errors.list[0].message);
	if (why == ERR_INVALID_FORM &&
	    view_parse(request->arena, request->op_errors.p, request->op_errors.n, &op_errors) == ERR_OK &&
	    view_is_object(op_errors))
		message = op_message(op_errors->first);
	return message.n > 0 ? message : str_from(page_error_text(why));
}

void page_problem(struct page *page, enum err why)
{
	const struct err_info *info = err_info(why);
	int64_t seconds = (page->request->retry_after_ms + 999) / 1000;
	struct str text = problem_text(page->request, why);

	jw_object(&page->jw, "problem");
	jw_text_n(&page->jw, "text", text.p, text.n);
	jw_int(&page->jw, "status", info->status);
	jw_flag(&page->jw, "is_missing", info->status == 404);
	jw_flag(&page->jw, "is_expired_form", why == ERR_CSRF);
	jw_flag(&page->jw, "is_retryable", info->retryable);
	jw_int(&page->jw, "retry_after_s", info->retryable ? seconds : 0);
	jw_object_end(&page->jw);
}
