/* What a client says of the files that it sent, and the member "files" of the op that tells the store of them. */
#include "base/utf8.h"
#include "front/file_upload.h"
#include "json/view.h"

#include <stdlib.h>
#include <string.h>

enum { DURATION_MAX_MS = 24 * 3600 * 1000 };

static struct file_upload *upload_numbered(struct request *request, const struct view *item)
{
	int64_t number;
	const struct view *id = view_find(item, "id");
	if (id == NULL)
		return NULL;
	if (!view_to_int(id, &number)) {
		/* view_id knows no id 0, which is the first file's number. */
		struct str text = view_text(item, "id");
		if (text.n == 0 || text.n > 3)
			return NULL;
		number = strtol(arena_strndup(request->arena, text.p, text.n), NULL, 10);
	}
	for (int i = 0; i < request->upload_count; i++) {
		if (request->uploads[i].number == number)
			return &request->uploads[i];
	}
	return NULL;
}

static enum err refuse(struct request *request, const char *code, const char *message)
{
	field_errors_add(&request->errors, "attachments", code, message);
	return ERR_INVALID_FORM;
}

static enum err describe(struct request *request, const struct view *item, struct file_upload *file)
{
	struct str name = view_text(item, "filename"), description = view_text(item, "description"),
		   waveform = view_text(item, "waveform");
	const struct view *duration = view_find(item, "duration_secs"), *spoiler = view_find(item, "is_spoiler");
	if (name.n > 0)
		file->name = file_name_clean(request->arena, name.p, name.n);
	if (utf8_count(description.p, description.n) > FILE_DESCRIPTION_MAX)
		return refuse(request, "BASE_TYPE_MAX_LENGTH", "A description has 1024 characters at most.");
	if (utf8_has_control(description.p, description.n, true))
		return refuse(request, "STRING_TYPE_CONTROL", "Must not hold control characters.");
	if (description.n > 0)
		file->description = arena_strndup(request->arena, description.p, description.n);
	if (waveform.n > FILE_WAVEFORM_MAX || utf8_has_control(waveform.p, waveform.n, false))
		return refuse(request, "BASE_TYPE_MAX_LENGTH", "A waveform has 256 values at most.");
	if (waveform.n > 0)
		file->waveform = arena_strndup(request->arena, waveform.p, waveform.n);
	if (duration != NULL && duration->type == VIEW_NUMBER) {
		double ms = 1000 * strtod(arena_strndup(request->arena, duration->text.p, duration->text.n), NULL);
		if (!(ms >= 0 && ms <= DURATION_MAX_MS))
			return refuse(request, "NUMBER_TYPE_MAX", "A duration is a day at most.");
		file->duration_ms = (int64_t)(ms + 0.5);
	}
	if (spoiler != NULL && spoiler->type == VIEW_TRUE)
		file->is_spoiler = true;
	return ERR_OK;
}

/* In JSON it is an array; a form has the array's text. */
static enum err read_attachments(struct request *request, const struct view *object, const struct view **out)
{
	struct view *parsed;
	struct str text = view_text(object, "attachments");
	*out = view_find(object, "attachments");
	if (*out == NULL || (*out)->type != VIEW_TEXT)
		return ERR_OK;
	*out = NULL;
	if (text.n == 0)
		return ERR_OK;
	TRY(view_parse_peer(request->arena, text.p, text.n, &parsed));
	*out = parsed;
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
	for (int i = 0; i < request->upload_count; i++)
		TRY(describe(request, item, &request->uploads[i]));
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

enum err file_upload_put(struct request *request, struct view *object)
{
	const struct view *attachments;
	if (!view_is_object(object))
		return ERR_OK;
	TRY(read_attachments(request, object, &attachments));
	TRY(describe_all(request));
	if (attachments != NULL && attachments->type == VIEW_LIST) {
		for (const struct view *item = attachments->first; item != NULL; item = item->next) {
			struct file_upload *file = upload_numbered(request, item);
			if (file != NULL)
				TRY(describe(request, item, file));
		}
	}
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
