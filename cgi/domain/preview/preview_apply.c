/* Asking for previews, and putting them below their message. */
#include "base/utf8.h"
#include "domain/channel/channel.h"
#include "domain/job/job.h"
#include "domain/message/message.h"
#include "domain/perm.h"
#include "domain/preview/preview.h"

#include <string.h>

enum { POSITION_FIRST = 100 }; /* behind the embeds that a program gave the message */

enum err preview_ask(struct apply *apply, int64_t message_id, const char *content, int64_t flags, uint64_t bits)
{
	if (!config_flag(apply->config, CONFIG_LINK_PREVIEWS) || (flags & MESSAGE_FLAG_SUPPRESS_EMBEDS) ||
	    !perm_has(bits, PERM_EMBED_LINKS))
		return ERR_OK;
	/* The worker looks closer; most texts have neither. */
	if (strstr(content, "://") == NULL && strstr(content, "www.") == NULL)
		return ERR_OK;
	const char *payload = arena_printf(apply->arena, "{\"message_id\":\"%lld\"}", (long long)message_id);
	return job_add(apply, JOB_KIND_PREVIEW, str_from(payload), apply->now_ms);
}

/* NULL where it is absent; *is_good becomes false for what is no text, too long, or not one line. */
static const char *take_text(const json_t *preview, const char *name, size_t max, bool *is_good)
{
	const json_t *value = json_object_get(preview, name);
	const char *text = json_text(preview, name);
	if (value == NULL || json_is_null(value))
		return NULL;
	if (text == NULL || utf8_count(text, strlen(text)) > max || utf8_has_control(text, strlen(text), false))
		*is_good = false;
	return text;
}

/* One as Discord's embed object of type link; NULL when it is not as it must be. */
static const char *embed_of(struct apply *apply, const json_t *preview)
{
	struct buf *out = buf_in_arena(apply->arena);
	struct jw jw;
	bool is_good = json_is_object(preview);
	const char *url = take_text(preview, "url", PREVIEW_URL_MAX, &is_good);
	const char *title = take_text(preview, "title", PREVIEW_TITLE_MAX, &is_good);
	const char *description = take_text(preview, "description", PREVIEW_DESCRIPTION_MAX, &is_good);
	const char *site = take_text(preview, "site", PREVIEW_SITE_MAX, &is_good);
	if (!is_good || url == NULL || (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0))
		return NULL;
	jw_init(&jw, out);
	jw_object(&jw, NULL);
	jw_text(&jw, "type", "link");
	jw_text(&jw, "url", url);
	if (title != NULL)
		jw_text(&jw, "title", title);
	if (description != NULL)
		jw_text(&jw, "description", description);
	if (site != NULL) {
		jw_object(&jw, "provider");
		jw_text(&jw, "name", site);
		jw_object_end(&jw);
	}
	jw_object_end(&jw);
	return out->p;
}

struct target {
	int64_t channel_id, author_id, edited_at_ms, flags, parts;
};

static enum err find_target(struct apply *apply, int64_t message_id, struct target *out)
{
	struct sql_stmt *stmt;
	*out = (struct target){.channel_id = 0};
	TRY(sql_start(apply->db, QUERY_PREVIEW_FIND_MESSAGE, SQL_ARGS(sql_id(message_id)), &stmt));
	if (sql_step(stmt))
		*out = (struct target){.channel_id = sql_column_int(stmt, 0),
				       .author_id = sql_column_int(stmt, 1),
				       .edited_at_ms = sql_column_int(stmt, 3),
				       .flags = sql_column_int(stmt, 4),
				       .parts = sql_column_int(stmt, 5)};
	return sql_finish(stmt);
}

/* Whether previews of the text that was read may still be shown. */
static enum err is_wanted(struct apply *apply, const struct message_preview_input *in, const struct target *target,
			  bool *out)
{
	uint64_t bits;
	*out = false;
	if (target->channel_id == 0 || target->edited_at_ms != in->edited_at_ms ||
	    (target->flags & MESSAGE_FLAG_SUPPRESS_EMBEDS))
		return ERR_OK;
	enum err e = perm_of_channel(apply->db, apply->arena, target->channel_id, target->author_id, &bits);
	if (e == ERR_UNKNOWN_CHANNEL || e == ERR_UNKNOWN_GUILD)
		return ERR_OK; /* it is gone, or closed to who wrote there */
	*out = e == ERR_OK && perm_has(bits, PERM_EMBED_LINKS);
	return e;
}

static enum err are_there(struct apply *apply, int64_t message_id, const char *const *embeds, size_t count, bool *out)
{
	struct sql_stmt *stmt;
	size_t found = 0;
	*out = true;
	TRY(sql_start(apply->db, QUERY_PREVIEW_LIST, SQL_ARGS(sql_id(message_id)), &stmt));
	for (; sql_step(stmt); found++)
		*out = *out && found < count && strcmp(sql_column_text(stmt, 0, apply->arena), embeds[found]) == 0;
	*out = *out && found == count;
	return sql_finish(stmt);
}

static enum err replace(struct apply *apply, int64_t message_id, const char *const *embeds, size_t count)
{
	int64_t is_any;
	TRY(sql_run(apply->db, QUERY_MESSAGE_DELETE_PREVIEWS, SQL_ARGS(sql_id(message_id)), NULL));
	for (size_t i = 0; i < count; i++)
		TRY(sql_run(apply->db, QUERY_PREVIEW_INSERT,
			    SQL_ARGS(sql_id(message_id), sql_int(POSITION_FIRST + (int64_t)i), sql_text(embeds[i])),
			    NULL));
	TRY(sql_find_int(apply->db, QUERY_MESSAGE_HAS_EMBEDS, SQL_ARGS(sql_id(message_id)), &is_any));
	return message_part_set(apply, message_id, MESSAGE_HAS_EMBEDS, is_any != 0);
}

enum err message_preview_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct message_preview_input *in = input;
	const char *embeds[PREVIEWS_MAX];
	size_t count = json_array_size(in->previews);
	struct target target;
	bool is_done;
	(void)result;
	if (!json_is_array(in->previews) || count > PREVIEWS_MAX)
		return ERR_INVALID_FORM;
	for (size_t i = 0; i < count; i++) {
		embeds[i] = embed_of(apply, json_array_get(in->previews, i));
		if (embeds[i] == NULL)
			return ERR_INVALID_FORM;
	}
	TRY(find_target(apply, in->message_id, &target));
	TRY(is_wanted(apply, in, &target, &is_done));
	if (!is_done)
		return ERR_OK;
	TRY(are_there(apply, in->message_id, embeds, count, &is_done));
	if (is_done)
		return ERR_OK;
	TRY(replace(apply, in->message_id, embeds, count));
	return message_announce_update(apply, target.channel_id, in->message_id);
}
