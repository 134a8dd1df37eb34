/* What a client says of the files that it sent, and the member "files" of the op that tells the store of them. */
#include "base/utf8.h"
#include "front/file_upload.h"
#include "json/view.h"

#include <stdlib.h>
#include <string.h>

enum { DURATION_MAX_MS = 24 * 3600 * 1000, NUMBER_BEYOND = 1000000 /* no file has it */ };

/* The file that an id names by its number, which may be a string too; NULL when none that came has it: it is the id of
 * one that is there. False when it is no number. */
static bool find_numbered(struct request *request, const struct view *id, struct file_upload **out)
{
	int64_t number = 0;
	*out = NULL;
	if (id->type == VIEW_TEXT) {
		struct str text = id->text;
		for (size_t i = 0; i < text.n; i++) {
			if (text.p[i] < '0' || text.p[i] > '9')
				return false;
			if (number < NUMBER_BEYOND)
				number = number * 10 + (text.p[i] - '0');
		}
		if (text.n == 0)
			return false;
	} else if (!view_to_int(id, &number)) {
		return false;
	}
	for (int i = 0; i < request->upload_count; i++) {
		if (request->uploads[i].number == number)
			*out = &request->uploads[i];
	}
	return true;
}

/* What is said of files, and what is wrong with it. */
struct saying {
	struct request *request;
	int at; /* the item of the list */
};

static enum err refuse(const struct saying *saying, const char *name, const char *code, const char *message)
{
	struct request *request = saying->request;
	field_errors_add(&request->errors, arena_printf(request->arena, "attachments.%d%s", saying->at, name), code,
			 message);
	return ERR_INVALID_FORM;
}

static enum err refuse_list(struct request *request)
{
	field_errors_add(&request->errors, "attachments", "LIST_TYPE_CONVERT", "Only a list can be taken here.");
	return ERR_INVALID_FORM;
}

/* A member that is not there, or null, says nothing. */
static const struct view *find_said(const struct view *item, const char *name)
{
	const struct view *found = view_find(item, name);
	return found != NULL && found->type != VIEW_NULL ? found : NULL;
}

static enum err read_text(const struct saying *saying, const struct view *item, const char *name, size_t max,
			  const char **out)
{
	struct arena *arena = saying->request->arena;
	const struct view *said = find_said(item, name);
	const char *path = arena_printf(arena, ".%s", name);
	if (said == NULL)
		return ERR_OK;
	if (said->type != VIEW_TEXT)
		return refuse(saying, path, "STRING_TYPE_CONVERT", "Must be a string.");
	if (utf8_count(said->text.p, said->text.n) > max)
		return refuse(saying, path, "BASE_TYPE_MAX_LENGTH",
			      arena_printf(arena, "Must be %zu or fewer in length.", max));
	if (utf8_has_control(said->text.p, said->text.n, true))
		return refuse(saying, path, "STRING_TYPE_CONTROL", "Must not hold control characters.");
	if (said->text.n > 0)
		*out = arena_strndup(arena, said->text.p, said->text.n);
	return ERR_OK;
}

static enum err read_duration(const struct saying *saying, const struct view *item, int64_t *out)
{
	const struct view *said = find_said(item, "duration_secs");
	if (said == NULL)
		return ERR_OK;
	if (said->type != VIEW_NUMBER)
		return refuse(saying, ".duration_secs", "FLOAT_TYPE_COERCE", "Value is not a number.");
	double ms = 1000 * strtod(arena_strndup(saying->request->arena, said->text.p, said->text.n), NULL);
	if (!(ms >= 0 && ms <= DURATION_MAX_MS))
		return refuse(saying, ".duration_secs", "NUMBER_TYPE_MAX", "A duration is a day at most.");
	*out = (int64_t)(ms + 0.5);
	return ERR_OK;
}

static enum err describe(const struct saying *saying, const struct view *item, struct file_upload *file)
{
	const struct view *name = find_said(item, "filename"), *spoiler = find_said(item, "is_spoiler");
	if (name != NULL && name->type != VIEW_TEXT)
		return refuse(saying, ".filename", "STRING_TYPE_CONVERT", "Must be a string.");
	if (name != NULL && name->text.n > 0)
		file->name = file_name_clean(saying->request->arena, name->text.p, name->text.n);
	TRY(read_text(saying, item, "description", FILE_DESCRIPTION_MAX, &file->description));
	TRY(read_text(saying, item, "waveform", FILE_WAVEFORM_MAX, &file->waveform));
	TRY(read_duration(saying, item, &file->duration_ms));
	if (spoiler != NULL && spoiler->type != VIEW_TRUE && spoiler->type != VIEW_FALSE)
		return refuse(saying, ".is_spoiler", "BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
	if (spoiler != NULL && spoiler->type == VIEW_TRUE)
		file->is_spoiler = true;
	return ERR_OK;
}

/* In JSON it is an array; a form has the array's text. NULL where nothing is said. */
static enum err read_attachments(struct request *request, const struct view *object, bool is_form,
				 const struct view **out)
{
	struct view *parsed;
	*out = find_said(object, "attachments");
	if (*out != NULL && is_form && (*out)->type == VIEW_TEXT) {
		struct str text = (*out)->text;
		*out = NULL;
		if (text.n == 0)
			return ERR_OK;
		TRY(view_parse_peer(request->arena, text.p, text.n, &parsed));
		*out = parsed;
	}
	return *out == NULL || (*out)->type == VIEW_LIST ? ERR_OK : refuse_list(request);
}

/* An edit lists those that stay, by their ids alone if it likes; that the store reads. Of a new message each id is a
 * file's that came with it. An item without one is no affair of ours: some tools have objects of their own there. */
static enum err describe_each(struct request *request, const struct view *attachments)
{
	struct saying saying = {request, 0};
	bool is_new = strcmp(request->method, "POST") == 0;
	for (const struct view *item = attachments->first; item != NULL; item = item->next, saying.at++) {
		const struct view *id = find_said(item, "id");
		struct file_upload *file = NULL;
		if (is_new && !view_is_object(item))
			return refuse(&saying, "", "DICT_TYPE_CONVERT", "Only an object can be taken here.");
		if (id != NULL && !find_numbered(request, id, &file))
			return refuse(&saying, ".id", "NUMBER_TYPE_COERCE", "Value is not a snowflake.");
		if (is_new && id != NULL && file == NULL)
			return refuse(&saying, "", "ATTACHMENT_NOT_FOUND", "Attachment data not found");
		if (file != NULL)
			TRY(describe(&saying, item, file));
	}
	return ERR_OK;
}

/* The form that works without a script has one description, of all its files. */
static enum err describe_all(struct request *request)
{
	const char *text = form_find(&request->form, "description");
	struct view *item = view_new_object(request->arena);
	if (request->app->kind != APP_WEB || text == NULL)
		return ERR_OK;
	view_put_text(request->arena, item, "description", str_trim(str_from(text)));
	const struct saying saying = {request, 0};
	for (int i = 0; i < request->upload_count; i++)
		TRY(describe(&saying, item, &request->uploads[i]));
	return ERR_OK;
}

static void write_upload(struct request *request, struct view *list, const struct file_upload *file)
{
	struct arena *arena = request->arena;
	struct view *item = view_new_object(arena);
	view_put_text(arena, item, "incoming", str_from(file->incoming.token));
	view_put_text(arena, item, "hash", str_from(file->incoming.hash));
	view_put_int(arena, item, "size", file->incoming.size);
	view_put_text(arena, item, "type", str_from(file->type));
	view_put_text(arena, item, "name", str_from(file->name));
	if (file->description != NULL)
		view_put_text(arena, item, "description", str_from(file->description));
	if (file->waveform != NULL)
		view_put_text(arena, item, "waveform", str_from(file->waveform));
	view_put_int(arena, item, "width", file->width);
	view_put_int(arena, item, "height", file->height);
	view_put_int(arena, item, "duration_ms", file->duration_ms);
	view_put_int(arena, item, "flags", file->is_spoiler ? ATTACHMENT_IS_SPOILER : 0);
	view_append(list, item);
}

enum err file_upload_put(struct request *request, struct view *object, bool is_form)
{
	const struct view *attachments;
	if (!view_is_object(object))
		return ERR_OK;
	TRY(read_attachments(request, object, is_form, &attachments));
	TRY(describe_all(request));
	if (attachments != NULL)
		TRY(describe_each(request, attachments));
	view_put(request->arena, object, "attachments", attachments);
	if (request->upload_count == 0) {
		view_put_null(request->arena, object, "files");
		return ERR_OK;
	}
	struct view *list = view_put_list(request->arena, object, "files");
	for (int i = 0; i < request->upload_count; i++)
		write_upload(request, list, &request->uploads[i]);
	return ERR_OK;
}
