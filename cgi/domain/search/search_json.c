/* What was found, as JSON. */
#include "base/id.h"
#include "domain/channel/channel.h"
#include "domain/file/file.h"
#include "domain/message/message.h"
#include "domain/search/search.h"
#include "domain/search/search_access.h"
#include "domain/search/search_query.h"
#include "domain/search/search_snippet.h"
#include "domain/thread/thread.h"
#include "text/search_text.h"
#include "text/token.h"

/* Whether the index is still being made, so that older messages are not found yet. */
static enum err is_behind(struct sql *db, bool *out)
{
	struct sql_stmt *stmt;
	*out = false;
	TRY(sql_start(db, QUERY_SEARCH_STATE, SQL_NO_ARGS, &stmt));
	if (sql_step(stmt))
		*out = sql_column_int(stmt, 0) != SEARCH_TEXT_VERSION || sql_column_int(stmt, 1) != 0;
	return sql_finish(stmt);
}

/* Gives the message known_channels: what those that its text names are called, as far as this user sees them. */
static enum err name_channels(struct sql *db, struct arena *arena, struct view *message, int64_t viewer_id)
{
	enum { NAMED_MAX = 5 };
	struct view *known = view_put_list(arena, message, "known_channels");
	struct str text = view_text(message, "content");
	int named = 0;
	for (size_t i = 0; i < text.n && named < NAMED_MAX; i++) {
		struct token token;
		struct channel channel;
		uint64_t bits;
		if (text.p[i] != '<' || !token_match((struct str){text.p + i, text.n - i}, &token) ||
		    token.kind != TOKEN_CHANNEL)
			continue;
		named++;
		enum err e = perm_open_channel(db, arena, token.id, viewer_id, &channel, &bits);
		if (e == ERR_UNKNOWN_CHANNEL)
			continue;
		TRY(e);
		struct view *name = view_new_object(arena);
		char id[ID_TEXT_SIZE];
		id_format(token.id, id);
		view_put_text(arena, name, "id", str_from(arena_strdup(arena, id)));
		view_put_text(arena, name, "name", str_from(channel.name));
		view_append(known, name);
	}
	return ERR_OK;
}

/* The message as everywhere, and in its object that it is a hit and why. */
static enum err hit_to_json(struct sql *db, struct arena *arena, struct jw *jw, const struct search_words *words,
			    const struct search_hit *hit, int64_t viewer_id)
{
	struct buf *text = buf_in_arena(arena), *plain = buf_in_arena(arena);
	struct view *message;
	struct jw object;
	jw_init(&object, text);
	TRY(message_find_to_json(db, &object, NULL, (struct message_at){hit->channel_id, hit->message_id, viewer_id},
				 NULL));
	/* Where files are is said by markers that are no JSON; for what stands around a hit any address will do. */
	file_url_expand_plain(text->p, text->n, plain);
	TRY(view_parse(arena, plain->p, plain->n, &message));
	text->n--; /* its object goes on */
	jw_flag(&object, "hit", true);
	TRY(name_channels(db, arena, message, viewer_id));
	TRY(search_snippet_to_json(db, arena, &object, words, message));
	jw_object_end(&object);
	jw_array(jw, NULL);
	jw_raw(jw, NULL, text->p, text->n);
	jw_array_end(jw);
	return ERR_OK;
}

static bool is_first_of_channel(const struct search_result *result, int at)
{
	for (int i = 0; i < at; i++) {
		if (result->hits[i].channel_id == result->hits[at].channel_id)
			return false;
	}
	return true;
}

static enum err threads_to_json(struct sql *db, struct arena *arena, struct jw *jw, const struct search_result *result,
				int64_t viewer_id)
{
	int64_t channel_ids[SEARCH_PAGE_MAX];
	size_t count = 0;
	for (int i = 0; i < result->count; i++) {
		if (is_first_of_channel(result, i))
			channel_ids[count++] = result->hits[i].channel_id;
	}
	return thread_list_of_to_json(db, arena, jw, channel_ids, count, viewer_id);
}

enum err search_result_to_json(struct sql *db, struct arena *arena, struct jw *jw, const struct search_query *query,
			       const struct search_result *result, int64_t viewer_id)
{
	struct search_words *words;
	bool is_incomplete;
	TRY(is_behind(db, &is_incomplete));
	TRY(search_words_of(db, arena, query, &words));
	jw_int(jw, "total_results", result->total);
	jw_flag(jw, "total_is_exact", result->is_total_exact);
	jw_flag(jw, "doing_deep_historical_index", is_incomplete);
	jw_array(jw, "messages");
	for (int i = 0; i < result->count; i++)
		TRY(hit_to_json(db, arena, jw, words, &result->hits[i], viewer_id));
	jw_array_end(jw);
	return threads_to_json(db, arena, jw, result, viewer_id);
}

enum err search_channels_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
				 const struct search_scope *scope, const char *text, int limit)
{
	enum { FOUND_MAX = 200 };
	int64_t found[FOUND_MAX];
	struct sql_stmt *stmt;
	int count = 0;
	TRY(sql_start(db, QUERY_SEARCH_CHANNELS_LIKE,
		      SQL_ARGS(sql_id(scope->guild_id), sql_text(sql_like_anywhere(arena, text)), sql_int(FOUND_MAX)),
		      &stmt));
	while (count < FOUND_MAX && sql_step(stmt))
		found[count++] = sql_column_int(stmt, 0);
	TRY(sql_finish(stmt));
	jw_array(jw, key);
	for (int i = 0; i < count && limit > 0; i++) {
		struct channel channel;
		uint64_t bits;
		enum err e = perm_open_channel(db, arena, found[i], scope->user_id, &channel, &bits);
		if (e == ERR_UNKNOWN_CHANNEL)
			continue;
		TRY(e);
		TRY(channel_view_to_json(db, arena, jw, NULL, &channel, scope->user_id));
		limit--;
	}
	jw_array_end(jw);
	return ERR_OK;
}
