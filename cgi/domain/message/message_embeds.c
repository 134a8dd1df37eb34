/* Each part of an embed is a row of a table: its name, what kind of value it has, how long that may be. What has no row
 * is not looked at. */
#include "domain/message/message_embeds.h"

#include "base/clock.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

struct reading {
	struct apply *apply;
	struct jw jw;
	const char *path;  /* of what is being read, for errors: "embeds.0" */
	size_t text_chars; /* of all embeds so far */
	bool has_content;  /* the embed shows something */
	bool is_refused;
};

enum kind { KIND_TEXT, KIND_URL, KIND_PICTURE, KIND_TIME, KIND_COLOR, KIND_FLAG, KIND_OBJECT, KIND_FIELDS };

struct part {
	const char *name;
	enum kind kind;
	size_t max;               /* code points of KIND_TEXT */
	const struct part *parts; /* of KIND_OBJECT */
	bool is_required, is_content;
};

static const struct part footer_parts[] = {
    {.name = "text", .kind = KIND_TEXT, .max = EMBED_FOOTER_MAX, .is_content = true},
    {.name = "icon_url", .kind = KIND_PICTURE},
    {0}};
static const struct part author_parts[] = {
    {.name = "name", .kind = KIND_TEXT, .max = EMBED_AUTHOR_MAX, .is_content = true},
    {.name = "url", .kind = KIND_URL},
    {.name = "icon_url", .kind = KIND_PICTURE},
    {0}};
static const struct part picture_parts[] = {{.name = "url", .kind = KIND_PICTURE, .is_content = true}, {0}};
static const struct part field_parts[] = {
    {.name = "name", .kind = KIND_TEXT, .max = EMBED_FIELD_NAME_MAX, .is_required = true, .is_content = true},
    {.name = "value", .kind = KIND_TEXT, .max = EMBED_FIELD_VALUE_MAX, .is_required = true, .is_content = true},
    {.name = "inline", .kind = KIND_FLAG},
    {0}};
static const struct part embed_parts[] = {
    {.name = "title", .kind = KIND_TEXT, .max = EMBED_TITLE_MAX, .is_content = true},
    {.name = "description", .kind = KIND_TEXT, .max = EMBED_DESCRIPTION_MAX, .is_content = true},
    {.name = "url", .kind = KIND_URL},
    {.name = "timestamp", .kind = KIND_TIME},
    {.name = "color", .kind = KIND_COLOR},
    {.name = "footer", .kind = KIND_OBJECT, .parts = footer_parts},
    {.name = "image", .kind = KIND_OBJECT, .parts = picture_parts},
    {.name = "thumbnail", .kind = KIND_OBJECT, .parts = picture_parts},
    {.name = "author", .kind = KIND_OBJECT, .parts = author_parts},
    {.name = "fields", .kind = KIND_FIELDS},
    {0}};

static void refuse(struct reading *reading, const char *name, const char *code, const char *message)
{
	struct arena *arena = reading->apply->arena;
	const char *path = name == NULL ? reading->path : arena_printf(arena, "%s.%s", reading->path, name);
	field_errors_add(&reading->apply->errors, path, code, message);
	reading->is_refused = true;
}

/* The text without white space at its ends and without carriage returns. */
static struct str plain_text(struct arena *arena, const json_t *value)
{
	const char *p = json_string_value(value);
	size_t n = json_string_length(value), kept = 0;
	utf8_trim(&p, &n);
	char *copy = arena_strndup(arena, p, n);
	for (size_t i = 0; i < n; i++) {
		if (p[i] != '\r')
			copy[kept++] = p[i];
	}
	copy[kept] = '\0';
	return (struct str){copy, kept};
}

static void read_text(struct reading *reading, const struct part *part, const json_t *value)
{
	char message[64];
	if (!json_is_string(value)) {
		refuse(reading, part->name, "STRING_TYPE_CONVERT", "Must be a string.");
		return;
	}
	struct str text = plain_text(reading->apply->arena, value);
	size_t chars = utf8_count(text.p, text.n);
	if (utf8_has_control(text.p, text.n, true)) {
		refuse(reading, part->name, "STRING_TYPE_CONTROL", "Must not hold control characters.");
	} else if (chars > part->max) {
		(void)snprintf(message, sizeof(message), "Must be %zu or fewer in length.", part->max);
		refuse(reading, part->name, "BASE_TYPE_MAX_LENGTH", message);
	} else if (chars == 0 && part->is_required) {
		refuse(reading, part->name, "BASE_TYPE_REQUIRED", "This field is required");
	} else if (chars > 0) {
		reading->text_chars += chars;
		reading->has_content |= part->is_content;
		jw_text_n(&reading->jw, part->name, text.p, text.n);
	}
}

static bool begins_with(const char *text, const char *with)
{
	return strncasecmp(text, with, strlen(with)) == 0 && text[strlen(with)] != '\0';
}

/* Nothing but the web: "javascript:" and the like never get into a page. Pictures may be those that came along. */
static void read_url(struct reading *reading, const struct part *part, const json_t *value)
{
	const char *url = json_string_value(value);
	size_t n = json_string_length(value);
	if (url != NULL && n == 0)
		return;
	bool is_allowed = url != NULL && (begins_with(url, "https://") || begins_with(url, "http://") ||
					  (part->kind == KIND_PICTURE && begins_with(url, "attachment://")));
	for (size_t i = 0; i < n && is_allowed; i++)
		is_allowed = (unsigned char)url[i] > ' ' && url[i] != '"' && url[i] != '<' && url[i] != '>';
	if (!is_allowed || utf8_has_control(url, n, false)) {
		refuse(reading, part->name, "URL_TYPE_INVALID_URL", "Not a well formed URL.");
	} else if (n > EMBED_URL_MAX) {
		refuse(reading, part->name, "BASE_TYPE_MAX_LENGTH", "Must be 2048 or fewer in length.");
	} else {
		reading->has_content |= part->is_content;
		jw_text_n(&reading->jw, part->name, url, n);
	}
}

static void read_time(struct reading *reading, const struct part *part, const json_t *value)
{
	int64_t at_ms;
	if (json_is_string(value) && clock_parse_iso8601(json_string_value(value), &at_ms))
		jw_time(&reading->jw, part->name, at_ms);
	else
		refuse(reading, part->name, "DATE_TYPE_CONVERT", "Must be a time such as 2026-01-02T15:04:00Z.");
}

static void read_color(struct reading *reading, const struct part *part, const json_t *value)
{
	json_int_t color = json_integer_value(value);
	if (json_is_integer(value) && color >= 0 && color <= 0xffffff)
		jw_int(&reading->jw, part->name, color);
	else
		refuse(reading, part->name, "NUMBER_TYPE_COERCE", "Must be a number from 0 to 16777215.");
}

static void read_flag(struct reading *reading, const struct part *part, const json_t *value)
{
	if (json_is_boolean(value))
		jw_flag(&reading->jw, part->name, json_is_true(value));
	else
		refuse(reading, part->name, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
}

/* An object of an embed has no object in it, so this ends. */
static void read_parts(struct reading *reading, const struct part *parts, const json_t *object);

/* Goes one step down the path for what read does. */
static void read_object(struct reading *reading, const char *name, const struct part *parts, const json_t *value)
{
	const char *path = reading->path;
	reading->path = arena_printf(reading->apply->arena, "%s.%s", path, name);
	if (json_is_object(value))
		read_parts(reading, parts, value);
	else
		refuse(reading, NULL, "DICT_TYPE_CONVERT", "Only an object can be taken here.");
	reading->path = path;
}

static void read_fields(struct reading *reading, const struct part *part, const json_t *value)
{
	const json_t *each;
	size_t i;
	if (!json_is_array(value)) {
		refuse(reading, part->name, "LIST_TYPE_CONVERT", "Only a list can be taken here.");
		return;
	}
	if (json_array_size(value) > EMBED_FIELDS_MAX) {
		refuse(reading, part->name, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.");
		return;
	}
	jw_array(&reading->jw, part->name);
	json_array_foreach(value, i, each)
	{
		jw_object(&reading->jw, NULL);
		read_object(reading, arena_printf(reading->apply->arena, "%s.%zu", part->name, i), field_parts, each);
		jw_object_end(&reading->jw);
	}
	jw_array_end(&reading->jw);
}

static void read_part(struct reading *reading, const struct part *part, const json_t *value)
{
	switch (part->kind) {
	case KIND_TEXT:
		read_text(reading, part, value);
		break;
	case KIND_URL:
	case KIND_PICTURE:
		read_url(reading, part, value);
		break;
	case KIND_TIME:
		read_time(reading, part, value);
		break;
	case KIND_COLOR:
		read_color(reading, part, value);
		break;
	case KIND_FLAG:
		read_flag(reading, part, value);
		break;
	case KIND_OBJECT:
		jw_object(&reading->jw, part->name);
		read_object(reading, part->name, part->parts, value);
		jw_object_end(&reading->jw);
		break;
	case KIND_FIELDS:
		read_fields(reading, part, value);
		break;
	}
}

static void read_parts(struct reading *reading, const struct part *parts, const json_t *object)
{
	for (const struct part *part = parts; part->name != NULL; part++) {
		const json_t *value = json_object_get(object, part->name);
		if (value != NULL && !json_is_null(value))
			read_part(reading, part, value);
		else if (part->is_required)
			refuse(reading, part->name, "BASE_TYPE_REQUIRED", "This field is required");
	}
}

static const char *read_embed(struct reading *reading, const char *path, const json_t *embed)
{
	struct buf *out = buf_in_arena(reading->apply->arena);
	jw_init(&reading->jw, out);
	reading->path = path;
	reading->has_content = false;
	jw_object(&reading->jw, NULL);
	jw_text(&reading->jw, "type", "rich");
	if (!json_is_object(embed))
		refuse(reading, NULL, "DICT_TYPE_CONVERT", "Only an object can be taken here.");
	else
		read_parts(reading, embed_parts, embed);
	jw_object_end(&reading->jw);
	if (!reading->has_content && !reading->is_refused)
		refuse(reading, "description", "BASE_TYPE_REQUIRED", "This field is required");
	return out->p;
}

enum err message_embeds_read(struct apply *apply, const json_t *embeds, const json_t *embed, struct message_embeds *out)
{
	struct reading reading = {.apply = apply, .path = "embeds"};
	const json_t *each;
	size_t i;
	out->count = 0;
	if (embeds != NULL && !json_is_array(embeds)) {
		refuse(&reading, NULL, "LIST_TYPE_CONVERT", "Only a list can be taken here.");
		return ERR_INVALID_FORM;
	}
	if (json_array_size(embeds) > MESSAGE_EMBEDS_MAX) {
		refuse(&reading, NULL, "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.");
		return ERR_INVALID_FORM;
	}
	if (embed != NULL && !json_is_null(embed) && !json_is_object(embed)) {
		reading.path = "embed";
		refuse(&reading, NULL, "DICT_TYPE_CONVERT", "Only an object can be taken here.");
		return ERR_INVALID_FORM;
	}
	json_array_foreach(embeds, i, each) out->texts[out->count++] =
	    read_embed(&reading, arena_printf(apply->arena, "embeds.%zu", i), each);
	if (embeds == NULL && embed != NULL && !json_is_null(embed) && json_object_size(embed) > 0)
		out->texts[out->count++] = read_embed(&reading, "embed", embed);
	if (!reading.is_refused && reading.text_chars > MESSAGE_EMBEDS_TEXT_MAX) {
		reading.path = "embeds";
		refuse(&reading, NULL, "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000");
	}
	return reading.is_refused ? ERR_INVALID_FORM : ERR_OK;
}

enum err message_embeds_insert(struct apply *apply, int64_t message_id, const struct message_embeds *embeds)
{
	for (size_t i = 0; i < embeds->count; i++)
		TRY(sql_run(apply->db, QUERY_MESSAGE_INSERT_EMBED,
			    SQL_ARGS(sql_id(message_id), sql_int((int64_t)i), sql_text(embeds->texts[i])), NULL));
	return ERR_OK;
}

enum err message_embeds_replace(struct apply *apply, int64_t message_id, const struct message_embeds *embeds,
				bool *is_changed)
{
	struct sql_stmt *stmt;
	size_t count = 0;
	bool is_same = true;
	TRY(sql_start(apply->db, QUERY_MESSAGE_LIST_OWN_EMBEDS, SQL_ARGS(sql_id(message_id)), &stmt));
	for (; sql_step(stmt); count++)
		is_same = is_same && count < embeds->count &&
			  strcmp(sql_column_text(stmt, 0, apply->arena), embeds->texts[count]) == 0;
	TRY(sql_finish(stmt));
	*is_changed = !is_same || count != embeds->count;
	if (!*is_changed)
		return ERR_OK;
	TRY(sql_run(apply->db, QUERY_MESSAGE_DELETE_OWN_EMBEDS, SQL_ARGS(sql_id(message_id)), NULL));
	return message_embeds_insert(apply, message_id, embeds);
}
