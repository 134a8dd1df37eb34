/* A poll as a client sends it: Discord's poll create request, read with all its bounds before anything is written. */
#include "base/utf8.h"
#include "domain/message/message.h"
#include "domain/perm.h"
#include "domain/poll/poll.h"

#include <string.h>

#define HOUR_MS (INT64_C(3600) * 1000)

static enum err refuse(struct apply *apply, const char *code, const char *message)
{
	field_errors_add(&apply->errors, "poll", code, message);
	return ERR_INVALID_FORM;
}

/* One line of text, trimmed. NULL when it is none, is empty, or has more code points than max. */
static const char *line_of(struct apply *apply, const json_t *object, size_t max)
{
	const json_t *value = json_object_get(object, "text");
	const char *p = json_string_value(value);
	size_t n = json_string_length(value);
	if (p == NULL)
		return NULL;
	utf8_trim(&p, &n);
	if (n == 0 || utf8_count(p, n) > max || utf8_has_control(p, n, false))
		return NULL;
	return arena_strndup(apply->arena, p, n);
}

/* {"id"} of a custom one, or {"name"} with the character. */
static enum err read_emoji(struct apply *apply, const json_t *emoji, int64_t guild_id, uint64_t bits,
			   struct emoji_ref *out)
{
	const json_t *id = json_object_get(emoji, "id"), *name = json_object_get(emoji, "name");
	*out = (struct emoji_ref){.id = json_id_of(id)};
	if (emoji != NULL && !json_is_null(emoji) && !json_is_object(emoji))
		return refuse(apply, "DICT_TYPE_CONVERT", "An emoji is an object.");
	if (id != NULL && !json_is_null(id) && out->id == 0)
		return refuse(apply, "NUMBER_TYPE_COERCE", "An emoji's id is a snowflake.");
	if (name != NULL && !json_is_null(name) && !json_is_string(name))
		return refuse(apply, "STRING_TYPE_CONVERT", "An emoji's name is a string.");
	if (out->id == 0 && !json_is_string(name))
		return ERR_OK;
	if (out->id == 0)
		return emoji_ref_parse(apply->arena, json_string_value(name), out);
	return emoji_ref_check(apply, guild_id, bits, out);
}

static enum err read_answers(struct apply *apply, const json_t *answers, int64_t guild_id, uint64_t bits,
			     struct poll_draft *out)
{
	size_t count = json_array_size(answers);
	if (count < 1 || count > POLL_ANSWERS_MAX)
		return refuse(apply, "BASE_TYPE_BAD_LENGTH", "A poll has between 1 and 10 answers.");
	for (size_t i = 0; i < count; i++) {
		const json_t *media = json_object_get(json_array_get(answers, i), "poll_media");
		out->answers[i].text = line_of(apply, media, POLL_ANSWER_MAX);
		if (out->answers[i].text == NULL)
			return refuse(apply, "BASE_TYPE_BAD_LENGTH",
				      "Each answer is one line of between 1 and 55 characters.");
		TRY(read_emoji(apply, json_object_get(media, "emoji"), guild_id, bits, &out->answers[i].emoji));
	}
	out->answer_count = (int)count;
	return ERR_OK;
}

/* Absent and null are what Discord takes for them. */
static enum err read_settings(struct apply *apply, const json_t *poll, struct poll_draft *out)
{
	const json_t *hours = json_object_get(poll, "duration"), *layout = json_object_get(poll, "layout_type");
	const json_t *multiple = json_object_get(poll, "allow_multiselect");
	bool has_hours = hours != NULL && !json_is_null(hours), has_layout = layout != NULL && !json_is_null(layout);
	out->hours = has_hours ? json_integer_value(hours) : POLL_HOURS_INITIAL;
	if (out->hours < 1 || out->hours > POLL_HOURS_MAX)
		return refuse(apply, "NUMBER_TYPE_MAX", "The duration is between 1 and 768 hours.");
	if (has_layout && json_integer_value(layout) != 1)
		return refuse(apply, "BASE_TYPE_CHOICES", "The only layout_type is 1.");
	if (multiple != NULL && !json_is_null(multiple) && !json_is_boolean(multiple))
		return refuse(apply, "BOOLEAN_TYPE_PARSE", "allow_multiselect is true or false.");
	out->is_multiple = json_is_true(multiple);
	return ERR_OK;
}

enum err poll_draft_read(struct apply *apply, const json_t *poll, int64_t guild_id, uint64_t bits,
			 struct poll_draft *out)
{
	*out = (struct poll_draft){0};
	if (!json_is_object(poll))
		return refuse(apply, "DICT_TYPE_CONVERT", "Only an object can be taken here.");
	if (!perm_has(bits, PERM_SEND_POLLS))
		return ERR_MISSING_PERMISSIONS;
	out->question = line_of(apply, json_object_get(poll, "question"), POLL_QUESTION_MAX);
	if (out->question == NULL)
		return refuse(apply, "BASE_TYPE_BAD_LENGTH",
			      "The question is one line of between 1 and 300 characters.");
	TRY(read_settings(apply, poll, out));
	return read_answers(apply, json_object_get(poll, "answers"), guild_id, bits, out);
}

enum err poll_insert(struct apply *apply, int64_t message_id, const struct poll_draft *draft)
{
	TRY(sql_run(apply->db, QUERY_POLL_INSERT,
		    SQL_ARGS(sql_id(message_id), sql_text(draft->question),
			     sql_int(apply->now_ms + draft->hours * HOUR_MS), sql_int(draft->is_multiple)),
		    NULL));
	for (int i = 0; i < draft->answer_count; i++)
		TRY(sql_run(apply->db, QUERY_POLL_INSERT_ANSWER,
			    SQL_ARGS(sql_id(message_id), sql_int(i + 1), sql_text(draft->answers[i].text),
				     sql_int(draft->answers[i].emoji.id), sql_text(draft->answers[i].emoji.name)),
			    NULL));
	return message_part_set(apply, message_id, MESSAGE_HAS_POLL, true);
}
