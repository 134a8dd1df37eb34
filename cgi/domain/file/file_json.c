/* Discord's attachment object. Ours beside it: thumbnail_url, where there is a smaller picture; is_animated; show, how
 * a page may show the file. */
#include "domain/file/file.h"
#include "domain/file/file_url.h"

#include <stdio.h>
#include <string.h>

enum column {
	COLUMN_ID,
	COLUMN_CHANNEL,
	COLUMN_NAME,
	COLUMN_SIZE,
	COLUMN_TYPE,
	COLUMN_DESCRIPTION,
	COLUMN_WIDTH,
	COLUMN_HEIGHT,
	COLUMN_DURATION,
	COLUMN_WAVEFORM,
	COLUMN_FLAGS,
	COLUMN_HAS_THUMBNAIL,
	COLUMN_IS_ANIMATED,
};

static const char *const show_names[] = {
    [FILE_DOWNLOAD] = "file", [FILE_PICTURE] = "picture", [FILE_VIDEO] = "video",
    [FILE_AUDIO] = "audio",   [FILE_PDF] = "pdf",         [FILE_TEXT] = "text",
};

static void text_column(struct jw *jw, const char *key, struct sql_stmt *stmt, int column)
{
	size_t n;
	const char *text = sql_column_borrow(stmt, column, &n);
	if (text != NULL)
		jw_text_n(jw, key, text, n);
}

/* Containers say not whether there is a picture in them; of a voice message that is known. */
static const char *type_of(struct sql_stmt *stmt)
{
	size_t n;
	const char *type = sql_column_borrow(stmt, COLUMN_TYPE, &n);
	if (sql_column_is_null(stmt, COLUMN_WAVEFORM))
		return type;
	return strcmp(type, "video/webm") == 0 ? "audio/webm" : strcmp(type, "video/mp4") == 0 ? "audio/mp4" : type;
}

static void addresses_to_json(struct jw *jw, struct sql_stmt *stmt)
{
	size_t n;
	struct file_address address = {
	    .channel_id = sql_column_int(stmt, COLUMN_CHANNEL),
	    .attachment_id = sql_column_int(stmt, COLUMN_ID),
	    .name = sql_column_borrow(stmt, COLUMN_NAME, &n),
	};
	file_url_write(jw, "url", &address);
	file_url_write(jw, "proxy_url", &address);
	address.is_thumbnail = true;
	if (sql_column_int(stmt, COLUMN_HAS_THUMBNAIL))
		file_url_write(jw, "thumbnail_url", &address);
}

static void seconds_to_json(struct jw *jw, const char *key, int64_t ms)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%lld.%03d", (long long)(ms / 1000), (int)(ms % 1000));
	jw_raw(jw, key, text, (size_t)n);
}

static void row_to_json(struct jw *jw, struct sql_stmt *stmt)
{
	const char *type = type_of(stmt);
	int64_t flags = sql_column_int(stmt, COLUMN_FLAGS);
	jw_object(jw, NULL);
	jw_id(jw, "id", sql_column_int(stmt, COLUMN_ID));
	text_column(jw, "filename", stmt, COLUMN_NAME);
	jw_int(jw, "size", sql_column_int(stmt, COLUMN_SIZE));
	jw_text(jw, "content_type", type);
	jw_text(jw, "show", show_names[file_show_of(type)]);
	addresses_to_json(jw, stmt);
	text_column(jw, "description", stmt, COLUMN_DESCRIPTION);
	if (!sql_column_is_null(stmt, COLUMN_WIDTH)) {
		jw_int(jw, "width", sql_column_int(stmt, COLUMN_WIDTH));
		jw_int(jw, "height", sql_column_int(stmt, COLUMN_HEIGHT));
	}
	if (!sql_column_is_null(stmt, COLUMN_DURATION))
		seconds_to_json(jw, "duration_secs", sql_column_int(stmt, COLUMN_DURATION));
	text_column(jw, "waveform", stmt, COLUMN_WAVEFORM);
	if (flags != 0)
		jw_int(jw, "flags", flags);
	if (sql_column_int(stmt, COLUMN_IS_ANIMATED))
		jw_flag(jw, "is_animated", true);
	jw_object_end(jw);
}

enum err file_of_message_to_json(struct sql *db, struct jw *jw, int64_t message_id)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_FILE_LIST_OF_MESSAGE, SQL_ARGS(sql_id(message_id)), &stmt));
	jw_array(jw, "attachments");
	while (sql_step(stmt))
		row_to_json(jw, stmt);
	jw_array_end(jw);
	return sql_finish(stmt);
}

enum err file_of_scheduled_to_json(struct sql *db, struct jw *jw, int64_t scheduled_id)
{
	struct sql_stmt *stmt;
	size_t n;
	TRY(sql_start(db, QUERY_SCHEDULED_FILE_LIST, SQL_ARGS(sql_id(scheduled_id)), &stmt));
	jw_array(jw, "attachments");
	while (sql_step(stmt)) {
		int64_t flags = sql_column_int(stmt, 7);
		jw_object(jw, NULL);
		jw_id(jw, "id", sql_column_int(stmt, 0));
		text_column(jw, "filename", stmt, 1);
		jw_int(jw, "size", sql_column_int(stmt, 2));
		jw_text(jw, "content_type", sql_column_borrow(stmt, 3, &n));
		text_column(jw, "description", stmt, 4);
		if (!sql_column_is_null(stmt, 5)) {
			jw_int(jw, "width", sql_column_int(stmt, 5));
			jw_int(jw, "height", sql_column_int(stmt, 6));
		}
		if (flags != 0)
			jw_int(jw, "flags", flags);
		jw_object_end(jw);
	}
	jw_array_end(jw);
	return sql_finish(stmt);
}
