/* Files as parts of the operations on messages, and what snug-worker found out about them. */
#include "base/utf8.h"
#include "domain/file/file.h"
#include "domain/file/file_disk.h"
#include "domain/job/job.h"
#include "domain/message/message.h"

#include <string.h>

enum { SHOWN_TOLD_MAX = 20, SIDE_MAX = 65535, OBJECT_MAX = 255 };

/* One of the list that the front wrote. */
struct upload {
	const char *token, *hash, *type, *name, *description, *waveform;
	int64_t size, width, height, duration_ms, flags;
};

static bool is_line(const char *text, size_t max)
{
	return text == NULL || (utf8_count(text, strlen(text)) <= max && !utf8_has_control(text, strlen(text), true));
}

static bool is_type(const char *type)
{
	return type != NULL && strlen(type) <= FILE_TYPE_MAX && strchr(type, '/') != NULL &&
	       strspn(type, "abcdefghijklmnopqrstuvwxyz0123456789/.+-_") == strlen(type);
}

static enum err read_upload(const json_t *item, struct upload *out)
{
	*out = (struct upload){
	    .token = json_text(item, "incoming"),
	    .hash = json_text(item, "hash"),
	    .type = json_text(item, "type"),
	    .name = json_text(item, "name"),
	    .description = json_text(item, "description"),
	    .waveform = json_text(item, "waveform"),
	    .size = json_int(item, "size"),
	    .width = json_int(item, "width"),
	    .height = json_int(item, "height"),
	    .duration_ms = json_int(item, "duration_ms"),
	    .flags = json_int(item, "flags") & ATTACHMENT_IS_SPOILER,
	};
	bool is_good = file_token_is_valid(out->token) && file_hash_is_valid(out->hash) && is_type(out->type) &&
		       out->name != NULL && out->name[0] != '\0' && strlen(out->name) <= FILE_NAME_MAX &&
		       strpbrk(out->name, "/\\") == NULL && !utf8_has_control(out->name, strlen(out->name), false) &&
		       is_line(out->description, FILE_DESCRIPTION_MAX) && is_line(out->waveform, FILE_WAVEFORM_MAX) &&
		       out->size >= 0 && out->duration_ms >= 0 && out->width >= 0 && out->width <= SIDE_MAX &&
		       out->height >= 0 && out->height <= SIDE_MAX;
	return is_good ? ERR_OK : ERR_BAD_REQUEST;
}

static enum err check_room(struct apply *apply, const struct upload *uploads, int count)
{
	struct file_room room;
	int64_t bytes = 0, largest = file_max_bytes(apply->config);
	TRY(file_room(apply->db, apply->config, apply->actor_id, &room));
	for (int i = 0; i < count; i++) {
		if (uploads[i].size > largest)
			return ERR_TOO_LARGE;
		if (!file_type_is_taken(apply->config, uploads[i].type))
			return ERR_FILE_TYPE;
		bytes += uploads[i].size;
	}
	if (bytes > room.person_bytes)
		return ERR_FILE_QUOTA;
	return bytes > room.instance_bytes ? ERR_FILES_FULL : ERR_OK;
}

static enum err add_job(struct apply *apply, const char *kind, const char *key, const char *value)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_text(&jw, key, value);
	jw_object_end(&jw);
	return job_add(apply, kind, (struct str){payload->p, payload->n}, apply->now_ms);
}

static enum err add_copy_job(struct apply *apply, const struct upload *upload)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_text(&jw, "hash", upload->hash);
	jw_text(&jw, "type", upload->type);
	jw_object_end(&jw);
	return job_add(apply, JOB_KIND_FILE_COPY, (struct str){payload->p, payload->n}, apply->now_ms);
}

/* The row of the content, if this is the first time that it comes; and what snug-worker is to do about it. */
static enum err keep_new(struct apply *apply, const struct upload *upload)
{
	TRY(sql_run(apply->db, QUERY_FILE_INSERT,
		    SQL_ARGS(sql_text(upload->hash), sql_int(upload->size), sql_text(upload->type),
			     sql_id(upload->width), sql_id(upload->height), sql_int(apply->now_ms)),
		    NULL));
	if (file_show_of(upload->type) == FILE_PICTURE)
		TRY(add_job(apply, JOB_KIND_PICTURE, "hash", upload->hash));
	return config_text(apply->config, CONFIG_S3_ENDPOINT)[0] != '\0' ? add_copy_job(apply, upload) : ERR_OK;
}

static enum err keep(struct apply *apply, const struct upload *upload)
{
	char path[FILE_PATH_SIZE];
	struct sql_stmt *stmt;
	int64_t size = -1;
	bool is_local = true;
	TRY(sql_start(apply->db, QUERY_FILE_EXISTS, SQL_ARGS(sql_text(upload->hash)), &stmt));
	if (sql_step(stmt)) {
		size = sql_column_int(stmt, 0);
		is_local = sql_column_int(stmt, 1) != 0;
	}
	TRY(sql_finish(stmt));
	if (size >= 0 && size != upload->size)
		return ERR_BAD_REQUEST;
	if (!is_local) {
		file_disk_remove_incoming(upload->token);
		return ERR_OK;
	}
	file_path(upload->hash, path);
	TRY(file_disk_place(upload->token, path, upload->size));
	return size >= 0 ? ERR_OK : keep_new(apply, upload);
}

/* Where a row goes. */
struct slot {
	int64_t channel_id, message_id, position;
};

static enum err insert(struct apply *apply, const struct slot *slot, const struct upload *upload)
{
	return sql_run(apply->db, QUERY_ATTACHMENT_INSERT,
		       SQL_ARGS(sql_id(id_next(apply->ids, apply->now_ms)), sql_id(slot->message_id),
				sql_id(slot->channel_id), sql_int(apply->actor_id), sql_int(slot->position),
				sql_text(upload->hash), sql_int(upload->size), sql_text(upload->name),
				sql_text(upload->description), sql_id(upload->duration_ms), sql_text(upload->waveform),
				sql_int(upload->flags)),
		       NULL);
}

static enum err next_position(struct apply *apply, int64_t message_id, int64_t *count, int64_t *position)
{
	struct sql_stmt *stmt;
	*count = *position = 0;
	TRY(sql_start(apply->db, QUERY_ATTACHMENT_NEXT_POSITION, SQL_ARGS(sql_id(message_id)), &stmt));
	if (sql_step(stmt)) {
		*count = sql_column_int(stmt, 0);
		*position = sql_column_int(stmt, 1);
	}
	return sql_finish(stmt);
}

/* The list that the front wrote, once it is known that there is room for all of it. */
static enum err read_uploads(struct apply *apply, const json_t *files, struct upload uploads[FILES_PER_MESSAGE_MAX])
{
	size_t count = json_array_size(files);
	if (count > FILES_PER_MESSAGE_MAX)
		return ERR_TOO_MANY_FILES;
	for (size_t i = 0; i < count; i++)
		TRY(read_upload(json_array_get(files, i), &uploads[i]));
	return check_room(apply, uploads, (int)count);
}

enum err file_attach(struct apply *apply, int64_t channel_id, int64_t message_id, const json_t *files, int *count)
{
	struct upload uploads[FILES_PER_MESSAGE_MAX];
	struct slot slot = {.channel_id = channel_id, .message_id = message_id};
	size_t given = json_array_size(files);
	int64_t there;
	*count = 0;
	if (given == 0)
		return ERR_OK;
	TRY(next_position(apply, message_id, &there, &slot.position));
	if (given + (size_t)there > FILES_PER_MESSAGE_MAX)
		return ERR_TOO_MANY_FILES;
	TRY(read_uploads(apply, files, uploads));
	for (size_t i = 0; i < given; i++, slot.position++) {
		TRY(keep(apply, &uploads[i]));
		TRY(insert(apply, &slot, &uploads[i]));
	}
	*count = (int)given;
	return ERR_OK;
}

/* What a recording looks like is not kept: a voice message is sent at once. */
enum err file_schedule(struct apply *apply, int64_t scheduled_id, const json_t *files)
{
	struct upload uploads[FILES_PER_MESSAGE_MAX];
	size_t given = json_array_size(files);
	if (given == 0)
		return ERR_OK;
	TRY(read_uploads(apply, files, uploads));
	for (size_t i = 0; i < given; i++) {
		const struct upload *upload = &uploads[i];
		TRY(keep(apply, upload));
		TRY(sql_run(apply->db, QUERY_SCHEDULED_FILE_INSERT,
			    SQL_ARGS(sql_id(id_next(apply->ids, apply->now_ms)), sql_id(scheduled_id),
				     sql_id(apply->actor_id), sql_int((int64_t)i), sql_text(upload->hash),
				     sql_int(upload->size), sql_text(upload->name), sql_text(upload->description),
				     sql_int(upload->flags)),
			    NULL));
	}
	return ERR_OK;
}

bool file_is_voice(const json_t *files)
{
	struct upload upload;
	if (json_array_size(files) != 1 || read_upload(json_array_get(files, 0), &upload) != ERR_OK)
		return false;
	/* WebM and MP4 are what browsers record sound into. */
	bool is_sound = file_show_of(upload.type) == FILE_AUDIO || file_show_of(upload.type) == FILE_VIDEO;
	return is_sound && upload.waveform != NULL && upload.duration_ms > 0 && upload.duration_ms <= FILE_VOICE_MAX_MS;
}

/* The item of the list that means this attachment; NULL when it is to go. */
static const json_t *item_of(const json_t *list, int64_t attachment_id)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		if ((json_is_object(item) ? json_id(item, "id") : json_id_of(item)) == attachment_id)
			return item;
	}
	return NULL;
}

static enum err describe(struct apply *apply, int64_t attachment_id, const json_t *item, bool *is_changed)
{
	const char *description = json_text(item, "description");
	int changes;
	if (!json_is_object(item) || json_object_get(item, "description") == NULL)
		return ERR_OK;
	if (description != NULL && description[0] == '\0')
		description = NULL;
	TRY(sql_run(apply->db, QUERY_ATTACHMENT_DESCRIBE, SQL_ARGS(sql_id(attachment_id), sql_text(description)),
		    &changes));
	*is_changed |= changes > 0;
	return ERR_OK;
}

static enum err list_ids(struct apply *apply, int64_t message_id, int64_t ids[FILES_PER_MESSAGE_MAX], int *count)
{
	struct sql_stmt *stmt;
	*count = 0;
	TRY(sql_start(apply->db, QUERY_ATTACHMENT_LIST_IDS, SQL_ARGS(sql_id(message_id)), &stmt));
	while (*count < FILES_PER_MESSAGE_MAX && sql_step(stmt))
		ids[(*count)++] = sql_column_int(stmt, 0);
	return sql_finish(stmt);
}

/* An attachment's id, or the small number of a file that comes along. */
static bool is_named(const json_t *item)
{
	const json_t *id = json_is_object(item) ? json_object_get(item, "id") : item;
	const char *text = json_string_value(id);
	if (json_is_integer(id))
		return json_integer_value(id) >= 0;
	return text != NULL && text[0] != '\0' && strspn(text, "0123456789") == strlen(text);
}

static enum err refuse_item(struct apply *apply, size_t at, const char *name, const char *code, const char *message)
{
	field_errors_add(&apply->errors, arena_printf(apply->arena, "attachments.%zu.%s", at, name), code, message);
	return ERR_INVALID_FORM;
}

static enum err check_item(struct apply *apply, size_t at, const json_t *item)
{
	const json_t *description = json_object_get(item, "description");
	const char *text = json_string_value(description);
	if (!is_named(item))
		return refuse_item(apply, at, "id", "NUMBER_TYPE_COERCE", "Value is not a snowflake.");
	if (description != NULL && !json_is_null(description) && text == NULL)
		return refuse_item(apply, at, "description", "STRING_TYPE_CONVERT", "Must be a string.");
	if (!is_line(text, FILE_DESCRIPTION_MAX))
		return refuse_item(apply, at, "description", "BASE_TYPE_MAX_LENGTH",
				   "Must be 1024 or fewer in length, without control characters.");
	return ERR_OK;
}

/* What names nothing is refused: to take it for none of those that are there would delete them. */
static enum err check_keep_list(struct apply *apply, const json_t *list)
{
	if (!json_is_array(list)) {
		field_errors_add(&apply->errors, "attachments", "LIST_TYPE_CONVERT", "Only a list can be taken here.");
		return ERR_INVALID_FORM;
	}
	for (size_t i = 0; i < json_array_size(list); i++)
		TRY(check_item(apply, i, json_array_get(list, i)));
	return ERR_OK;
}

enum err file_keep(struct apply *apply, int64_t message_id, const json_t *keep_list, int *count, bool *is_changed)
{
	int64_t ids[FILES_PER_MESSAGE_MAX];
	int there;
	*is_changed = false;
	if (keep_list != NULL)
		TRY(check_keep_list(apply, keep_list));
	TRY(list_ids(apply, message_id, ids, &there));
	*count = there;
	for (int i = 0; keep_list != NULL && i < there; i++) {
		const json_t *item = item_of(keep_list, ids[i]);
		if (item != NULL) {
			TRY(describe(apply, ids[i], item, is_changed));
			continue;
		}
		TRY(sql_run(apply->db, QUERY_ATTACHMENT_DELETE, SQL_ARGS(sql_id(ids[i])), NULL));
		*is_changed = true;
		(*count)--;
	}
	return ERR_OK;
}

/* What a query of copy sources gives. */
static enum err read_copies(struct apply *apply, enum query query, int64_t from_id,
			    struct upload copies[FILES_PER_MESSAGE_MAX], int *count)
{
	struct sql_stmt *stmt;
	*count = 0;
	TRY(sql_start(apply->db, query, SQL_ARGS(sql_id(from_id)), &stmt));
	while (*count < FILES_PER_MESSAGE_MAX && sql_step(stmt)) {
		copies[(*count)++] = (struct upload){
		    .hash = sql_column_text(stmt, 0, apply->arena),
		    .size = sql_column_int(stmt, 1),
		    .name = sql_column_text(stmt, 2, apply->arena),
		    .description = sql_column_text(stmt, 3, apply->arena),
		    .duration_ms = sql_column_int(stmt, 4),
		    .waveform = sql_column_text(stmt, 5, apply->arena),
		    .flags = sql_column_int(stmt, 6),
		};
	}
	return sql_finish(stmt);
}

static enum err insert_copies(struct apply *apply, int64_t channel_id, int64_t message_id, const struct upload *copies,
			      int count)
{
	for (int i = 0; i < count; i++) {
		const struct slot slot = {channel_id, message_id, i};
		TRY(insert(apply, &slot, &copies[i]));
	}
	return ERR_OK;
}

enum err file_copy(struct apply *apply, int64_t from_message_id, int64_t to_channel_id, int64_t to_message_id,
		   int *count)
{
	struct upload copies[FILES_PER_MESSAGE_MAX];
	struct file_room room;
	int64_t bytes = 0;
	TRY(read_copies(apply, QUERY_ATTACHMENT_COPY_SOURCE, from_message_id, copies, count));
	TRY(file_room(apply->db, apply->config, apply->actor_id, &room));
	for (int i = 0; i < *count; i++)
		bytes += copies[i].size;
	if (bytes > room.person_bytes)
		return ERR_FILE_QUOTA;
	return insert_copies(apply, to_channel_id, to_message_id, copies, *count);
}

enum err file_send_scheduled(struct apply *apply, int64_t scheduled_id, int64_t to_channel_id, int64_t to_message_id,
			     int *count)
{
	struct upload copies[FILES_PER_MESSAGE_MAX];
	TRY(read_copies(apply, QUERY_SCHEDULED_FILE_COPY_SOURCE, scheduled_id, copies, count));
	return insert_copies(apply, to_channel_id, to_message_id, copies, *count);
}

enum err file_message_gone(struct apply *apply, int64_t message_id)
{
	return sql_run(apply->db, QUERY_ATTACHMENT_DELETE_OF_MESSAGE, SQL_ARGS(sql_id(message_id)), NULL);
}

/* Messages that show the file tell that it looks otherwise now. */
static enum err tell_shown(struct apply *apply, const char *hash)
{
	struct {
		int64_t channel_id, message_id;
	} shown[SHOWN_TOLD_MAX];
	struct sql_stmt *stmt;
	int count = 0;
	TRY(sql_start(apply->db, QUERY_FILE_LIST_SHOWN, SQL_ARGS(sql_text(hash), sql_int(SHOWN_TOLD_MAX)), &stmt));
	while (count < SHOWN_TOLD_MAX && sql_step(stmt)) {
		shown[count].channel_id = sql_column_int(stmt, 0);
		shown[count++].message_id = sql_column_int(stmt, 1);
	}
	TRY(sql_finish(stmt));
	for (int i = 0; i < count; i++)
		TRY(message_announce_found(apply, shown[i].channel_id, shown[i].message_id));
	return ERR_OK;
}

/* It may be in its place by an operation that was undone, as that of a group that begins again is. */
static enum err place_thumbnail(const char *hash, const char *token, int64_t *size)
{
	char incoming[FILE_PATH_SIZE], path[FILE_PATH_SIZE];
	file_incoming_path(token, incoming);
	file_thumbnail_path(hash, path);
	*size = file_disk_webp_size(incoming);
	if (*size >= 0)
		return file_disk_place(token, path, *size);
	*size = file_disk_webp_size(path);
	return *size >= 0 ? file_disk_place(token, path, *size) : ERR_UPLOAD_LOST;
}

enum err file_picture_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct file_picture_input *in = input;
	struct sql_stmt *stmt;
	int64_t width = 0, height = 0, thumbnail_size = 0;
	(void)result;
	if (!file_hash_is_valid(in->hash) || (in->incoming != NULL && !file_token_is_valid(in->incoming)))
		return ERR_BAD_REQUEST;
	TRY(sql_start(apply->db, QUERY_FILE_PICTURE, SQL_ARGS(sql_text(in->hash)), &stmt));
	bool is_found = sql_step(stmt);
	if (is_found) {
		width = sql_column_int(stmt, 0);
		height = sql_column_int(stmt, 1);
		thumbnail_size = sql_column_int(stmt, 2);
	}
	TRY(sql_finish(stmt));
	bool is_known = thumbnail_size != 0 || (in->incoming == NULL && width == in->width && height == in->height);
	if (!is_found || is_known) {
		if (in->incoming != NULL)
			file_disk_remove_incoming(in->incoming);
		return ERR_OK;
	}
	if (in->incoming != NULL)
		TRY(place_thumbnail(in->hash, in->incoming, &thumbnail_size));
	TRY(sql_run(apply->db, QUERY_FILE_SET_PICTURE,
		    SQL_ARGS(sql_text(in->hash), sql_id(in->width), sql_id(in->height), sql_id(thumbnail_size),
			     sql_int(in->is_animated)),
		    NULL));
	return tell_shown(apply, in->hash);
}

enum err file_stored_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct file_stored_input *in = input;
	struct sql_stmt *stmt;
	int changes;
	bool is_its = false;
	(void)result;
	if (!file_hash_is_valid(in->hash))
		return ERR_BAD_REQUEST;
	TRY(sql_run(apply->db, QUERY_FILE_SET_OBJECT,
		    SQL_ARGS(sql_text(in->hash), sql_text(in->object), sql_int(apply->now_ms)), &changes));
	if (changes > 0)
		return ERR_OK;
	/* The same was said before, or the file is gone meanwhile and its copy has to follow. */
	TRY(sql_start(apply->db, QUERY_FILE_OBJECT, SQL_ARGS(sql_text(in->hash)), &stmt));
	if (sql_step(stmt)) {
		const char *object = sql_column_text(stmt, 0, apply->arena);
		is_its = object != NULL && strcmp(object, in->object) == 0;
	}
	TRY(sql_finish(stmt));
	return is_its ? ERR_OK : add_job(apply, JOB_KIND_FILE_REMOVE, "key", in->object);
}

const struct field file_picture_fields[] = {
    {.name = "hash", .type = FIELD_TEXT, .flags = FIELD_REQUIRED, .offset = offsetof(struct file_picture_input, hash)},
    {.name = "width", .type = FIELD_INT, .max = SIDE_MAX, .offset = offsetof(struct file_picture_input, width)},
    {.name = "height", .type = FIELD_INT, .max = SIDE_MAX, .offset = offsetof(struct file_picture_input, height)},
    {.name = "incoming", .type = FIELD_TEXT, .offset = offsetof(struct file_picture_input, incoming)},
    {.name = "is_animated", .type = FIELD_FLAG, .offset = offsetof(struct file_picture_input, is_animated)},
    {0}};

const struct field file_stored_fields[] = {
    {.name = "hash", .type = FIELD_TEXT, .flags = FIELD_REQUIRED, .offset = offsetof(struct file_stored_input, hash)},
    {.name = "object",
     .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED,
     .min = 1,
     .max = OBJECT_MAX,
     .offset = offsetof(struct file_stored_input, object)},
    {0}};
