#include "front/file_upload.h"

#include "base/utf8.h"
#include "domain/perm.h"
#include "front/csrf.h"
#include "front/file_look.h"
#include "front/limit.h"
#include "front/route.h"
#include "http/media_type.h"
#include "http/multipart.h"
#include "sql/sql.h"

#include <string.h>
#include <sys/statvfs.h>

enum { PIECE_BYTES = 32 * 1024 };

/* The body as far as it has been read. */
struct reading {
	struct request *request;
	struct multipart multipart;
	struct buf *text;         /* of the part, when it is no file */
	size_t text_bytes;        /* of all such parts */
	bool is_admitted;         /* files may come */
	struct file_upload *file; /* the one that is being received; NULL: the part is none */
};

bool file_upload_is_streamed(const struct request *request, struct str *boundary)
{
	struct media_type type;
	if ((request->route->flags & ROUTE_FILES) == 0 ||
	    media_type_parse(request_param(request, "CONTENT_TYPE"), &type) != ERR_OK ||
	    !media_type_is(&type, "multipart/form-data"))
		return false;
	*boundary = type.boundary;
	return true;
}

/* The disk keeps some room for everything else: people who can write to each other can also decide what goes. */
static bool has_disk_room(const struct config *config, int64_t bytes)
{
	struct statvfs info;
	int64_t reserve = config_int(config, CONFIG_FILES_RESERVE_MB) * 1024 * 1024;
	if (statvfs("files", &info) != 0 || info.f_blocks == 0)
		return true; /* a file system that tells nothing */
	return (int64_t)info.f_bavail * (int64_t)info.f_frsize >= bytes + reserve;
}

/* Once, before the first file. How much room its owner has is looked at here so that nobody sends in vain; what counts
 * is what the store finds. */
static enum err admit(struct reading *reading)
{
	struct request *request = reading->request;
	struct file_room room;
	int64_t left = request->source != NULL ? (int64_t)request->source->left : 0;
	if (reading->is_admitted)
		return ERR_OK;
	if (request->app->kind == APP_WEB)
		TRY(csrf_check(request));
	if (!perm_has(request->permissions, PERM_ATTACH_FILES))
		return ERR_MISSING_PERMISSIONS;
	TRY(limit_take_upload(request));
	TRY(file_room(request->db, &request->app->config, request->caller.user_id, &room));
	if (room.person_bytes == 0)
		return ERR_FILE_QUOTA;
	if (room.instance_bytes == 0)
		return ERR_FILES_FULL;
	if (!has_disk_room(&request->app->config, left))
		return ERR_STORAGE_FULL;
	request_read_end(request); /* the rest takes a while */
	reading->is_admitted = true;
	return ERR_OK;
}

/* n of "files[n]"; of any other name the place among the files. */
static int64_t number_of(const char *name, int place)
{
	int64_t number = 0;
	const char *digit = name + sizeof("files[") - 1;
	if (strncmp(name, "files[", sizeof("files[") - 1) != 0 || *digit == ']')
		return place;
	for (; *digit >= '0' && *digit <= '9' && number < 1000; digit++)
		number = number * 10 + (*digit - '0');
	return strcmp(digit, "]") == 0 ? number : place;
}

static enum err begin_file(struct reading *reading, const struct multipart_part *part)
{
	struct request *request = reading->request;
	size_t name_n = strlen(part->file_name);
	TRY(admit(reading));
	if (request->upload_count == FILES_PER_MESSAGE_MAX)
		return ERR_TOO_MANY_FILES;
	if (request->uploads == NULL)
		request->uploads = arena_alloc(request->arena, FILES_PER_MESSAGE_MAX * sizeof(*request->uploads));
	struct file_upload *file = &request->uploads[request->upload_count];
	*file = (struct file_upload){
	    .incoming.fd = -1,
	    .number = number_of(part->name, request->upload_count),
	    .name = file_name_clean(request->arena, part->file_name, name_n),
	    .is_spoiler = strncmp(part->file_name, "SPOILER_", sizeof("SPOILER_") - 1) == 0,
	};
	for (int i = 0; i < request->upload_count; i++) {
		if (request->uploads[i].number == file->number)
			return ERR_BAD_REQUEST; /* two readers would take different ones */
	}
	TRY(incoming_open(&file->incoming));
	request->upload_count++;
	reading->file = file;
	return ERR_OK;
}

/* What is said of the message is text, also where a browser's script sends it as a blob, which gets a file's name. */
static bool is_payload(const struct multipart_part *part)
{
	return strcmp(part->name, "payload_json") == 0;
}

/* An input in which the person chose nothing comes as a file without a name; it is looked at when it ends. */
static enum err begin_part(struct reading *reading)
{
	const struct multipart_part *part = &reading->multipart.part;
	buf_clear(reading->text);
	reading->file = NULL;
	if (part->file_name != NULL && part->file_name[0] != '\0' && !is_payload(part))
		return begin_file(reading, part);
	return ERR_OK;
}

static enum err take_data(struct reading *reading)
{
	struct str data = reading->multipart.data;
	struct file_upload *file = reading->file;
	if (file == NULL) {
		reading->text_bytes += data.n;
		if (reading->text_bytes > FRONT_BODY_MAX)
			return ERR_TOO_LARGE;
		buf_put(reading->text, data.p, data.n);
		return ERR_OK;
	}
	if (file->incoming.size + (int64_t)data.n > file_max_bytes(&reading->request->app->config))
		return ERR_TOO_LARGE;
	return incoming_write(&file->incoming, data.p, data.n);
}

static enum err end_text(struct reading *reading)
{
	struct request *request = reading->request;
	struct form *form = &request->form;
	const char *name = reading->multipart.part.name;
	struct str text = {reading->text->n > 0 ? reading->text->p : "", reading->text->n};
	if (reading->multipart.part.file_name != NULL && !is_payload(&reading->multipart.part))
		return text.n == 0 ? ERR_OK : ERR_BAD_REQUEST; /* a file without a name */
	if (form->count == FORM_FIELDS_MAX || form_find(form, name) != NULL || memchr(text.p, '\0', text.n) != NULL ||
	    !utf8_is_valid(text.p, text.n))
		return ERR_BAD_REQUEST;
	form->fields[form->count++] =
	    (struct form_field){arena_strdup(request->arena, name), arena_strndup(request->arena, text.p, text.n)};
	return ERR_OK;
}

/* What the file is, is asked while its sender waits: it decides whether it is taken at all. */
static enum err end_file(struct reading *reading)
{
	struct file_upload *file = reading->file;
	struct request *request = reading->request;
	TRY(incoming_finish(&file->incoming));
	TRY(file_look(request, file));
	incoming_close(&file->incoming);
	return file_type_is_taken(&request->app->config, file->type) ? ERR_OK : ERR_FILE_TYPE;
}

static enum err take_piece(struct reading *reading, struct str piece)
{
	enum multipart_event event;
	while ((event = multipart_next(&reading->multipart, &piece)) != MULTIPART_NEEDS_MORE) {
		if (event == MULTIPART_MALFORMED)
			return ERR_BAD_REQUEST;
		if (event == MULTIPART_PART)
			TRY(begin_part(reading));
		else if (event == MULTIPART_DATA)
			TRY(take_data(reading));
		else if (event == MULTIPART_PART_END)
			TRY(reading->file != NULL ? end_file(reading) : end_text(reading));
	}
	return ERR_OK;
}

static enum err read_all(struct reading *reading)
{
	struct body_source *source = reading->request->source;
	char *piece;
	if (source == NULL)
		return take_piece(reading, reading->request->body);
	piece = arena_alloc(reading->request->arena, PIECE_BYTES);
	while (source->left > 0) {
		size_t n = source->read(source, piece, PIECE_BYTES);
		if (n == 0)
			return ERR_BAD_REQUEST; /* the peer went away in the middle */
		TRY(take_piece(reading, (struct str){piece, n}));
	}
	return ERR_OK;
}

enum err file_upload_read(struct request *request)
{
	struct str boundary;
	if (!file_upload_is_streamed(request, &boundary))
		return ERR_OK;
	struct reading *reading = arena_alloc(request->arena, sizeof(*reading));
	*reading = (struct reading){.request = request, .text = buf_in_arena(request->arena)};
	if (!multipart_init(&reading->multipart, boundary))
		return ERR_BAD_REQUEST;
	TRY(read_all(reading));
	if (!multipart_is_done(&reading->multipart))
		return ERR_BAD_REQUEST;
	if (request->app->kind == APP_WEB && !reading->is_admitted)
		TRY(csrf_check(request));
	if (!request->is_reading)
		TRY(sql_read_begin(request->db));
	request->is_reading = true;
	return ERR_OK;
}

void file_upload_release(struct request *request)
{
	for (int i = 0; i < request->upload_count; i++)
		incoming_drop(&request->uploads[i].incoming);
	request->upload_count = 0;
}
