/* What is told to the index of a message: it is put together here from the tables, and waits in the queue for the end
 * of the transaction. */
#include "base/ensure.h"
#include "domain/channel/channel.h"
#include "domain/message/message.h"
#include "domain/search/search.h"
#include "domain/search/search_queue.h"
#include "domain/search/search_tags.h"
#include "text/search_text.h"
#include "json/view.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
	CAUGHT_UP_AT_ONCE = 200,
	/* What a message may have that stands in other rows and goes into the index. */
	PARTS_INDEXED = MESSAGE_HAS_MENTIONS | MESSAGE_HAS_EMBEDS | MESSAGE_HAS_SNAPSHOT | MESSAGE_HAS_ATTACHMENTS |
			MESSAGE_HAS_POLL | MESSAGE_HAS_PIN,
};

/* A message as the index sees it. */
struct indexed {
	int64_t id, author_id, type, parts, flags, channel_id, guild_id, channel_type, parent_id;
	int64_t place_id; /* SEARCH_TAG_PLACE */
	struct str content;
	struct buf *text, *tags;
	unsigned has; /* enum search_has */
};

/* Notices that somebody joined, pinned or began a thread are no text of theirs. */
static bool is_indexed_type(int64_t type)
{
	return type == MESSAGE_TYPE_DEFAULT || type == MESSAGE_TYPE_REPLY;
}

static enum err find(struct apply *apply, int64_t message_id, struct indexed *out, bool *is_found)
{
	struct sql_stmt *stmt;
	*out = (struct indexed){.id = message_id};
	TRY(sql_start(apply->db, QUERY_SEARCH_MESSAGE, SQL_ARGS(sql_id(message_id)), &stmt));
	*is_found = sql_step(stmt);
	if (*is_found) {
		out->content.p = sql_column_text(stmt, 0, apply->arena);
		out->content.n = strlen(out->content.p);
		out->author_id = sql_column_int(stmt, 1);
		out->type = sql_column_int(stmt, 2);
		out->parts = sql_column_int(stmt, 3);
		out->flags = sql_column_int(stmt, 4);
		out->channel_id = sql_column_int(stmt, 5);
		out->guild_id = sql_column_int(stmt, 6);
		out->channel_type = sql_column_int(stmt, 7);
		out->parent_id = sql_column_int(stmt, 8);
	}
	TRY(sql_finish(stmt));
	*is_found = *is_found && is_indexed_type(out->type);
	out->text = buf_in_arena(apply->arena);
	out->tags = buf_in_arena(apply->arena);
	return ERR_OK;
}

static bool holds_link(struct str text)
{
	return memmem(text.p, text.n, "https://", 8) != NULL || memmem(text.p, text.n, "http://", 7) != NULL;
}

static void tag(struct indexed *message, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void tag(struct indexed *message, const char *format, ...)
{
	char text[64];
	va_list args;
	va_start(args, format);
	int n = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	ensure(n > 0 && n < (int)sizeof(text));
	buf_put(message->tags, text, (size_t)n);
	buf_putc(message->tags, ' ');
}

static void tag_place(struct indexed *message)
{
	bool is_private = message->channel_type == CHANNEL_TYPE_PRIVATE_THREAD;
	bool is_thread = is_private || message->channel_type == CHANNEL_TYPE_PUBLIC_THREAD;

	message->place_id = is_thread && !is_private ? message->parent_id : message->channel_id;
	if (message->guild_id != 0)
		tag(message, SEARCH_TAG_GUILD, message->guild_id);
	tag(message, SEARCH_TAG_PLACE, message->place_id);
	tag(message, SEARCH_TAG_AUTHOR, message->author_id);
	tag(message, SEARCH_TAG_AUTHOR_PLACE, message->author_id, message->place_id);
	if (is_thread) {
		tag(message, SEARCH_TAG_THREAD, message->channel_id);
		message->has |= SEARCH_IS_THREAD;
	}
	if (is_private) {
		tag(message, SEARCH_TAG_PRIVATE);
		tag(message, SEARCH_TAG_PRIVATE_OF, message->parent_id);
	}
}

/* What its own row says. */
static void put_row(struct indexed *message)
{
	search_text_put_content(message->text, message->content, NULL);
	tag_place(message);
	if (holds_link(message->content))
		message->has |= SEARCH_HAS_LINK;
	if (message->type == MESSAGE_TYPE_REPLY)
		message->has |= SEARCH_IS_REPLY;
}

static void put_has(struct indexed *message)
{
	for (unsigned i = 0; i < SEARCH_HAS_COUNT; i++) {
		const char *name = search_has_name((enum search_has)(1u << i));
		if ((message->has & (1u << i)) == 0)
			continue;
		tag(message, SEARCH_TAG_HAS, name);
		tag(message, SEARCH_TAG_HAS_PLACE, name, message->place_id);
		tag(message, SEARCH_TAG_HAS_AUTHOR, name, message->author_id);
	}
}

static void put_text(struct indexed *message, struct str text)
{
	if (text.n == 0)
		return;
	search_text_put_gap(message->text);
	search_text_put(message->text, text, NULL);
}

static void put_column(struct indexed *message, struct sql_stmt *stmt, int column)
{
	size_t n;
	const char *text = sql_column_borrow(stmt, column, &n);

	put_text(message, (struct str){text, n});
}

static enum err put_mentions(struct apply *apply, struct indexed *message)
{
	struct sql_stmt *stmt;
	TRY(sql_start(apply->db, QUERY_SEARCH_MENTIONS, SQL_ARGS(sql_id(message->id)), &stmt));
	while (sql_step(stmt)) {
		tag(message, SEARCH_TAG_MENTION, sql_column_int(stmt, 0));
		message->has |= SEARCH_HAS_MENTION;
	}
	return sql_finish(stmt);
}

/* The texts of an embed that people see, in whatever object it has them; addresses are none. */
static void put_embed(struct indexed *message, const struct view *view, int depth)
{
	static const char *const seen[] = {"title", "description", "name", "value", "text"};

	for (const struct view *each = view->first; each != NULL && depth > 0; each = each->next) {
		if (each->type == VIEW_OBJECT || each->type == VIEW_LIST)
			put_embed(message, each, depth - 1);
		for (size_t i = 0; each->type == VIEW_TEXT && i < sizeof(seen) / sizeof(seen[0]); i++) {
			if (str_eq_text(each->name, seen[i]))
				put_text(message, each->text);
		}
	}
}

/* Those that were hidden are shown to nobody, and so are found by nobody. */
static enum err put_embeds(struct apply *apply, struct indexed *message)
{
	struct sql_stmt *stmt;
	if (message->flags & MESSAGE_FLAG_SUPPRESS_EMBEDS)
		return ERR_OK;
	TRY(sql_start(apply->db, QUERY_SEARCH_EMBEDS, SQL_ARGS(sql_id(message->id)), &stmt));
	while (sql_step(stmt)) {
		struct view *embed;
		const char *text = sql_column_text(stmt, 0, apply->arena);
		message->has |= SEARCH_HAS_EMBED;
		if (view_parse(apply->arena, text, strlen(text), &embed) == ERR_OK && view_is_object(embed))
			put_embed(message, embed, 3);
	}
	return sql_finish(stmt);
}

static enum err put_snapshot(struct apply *apply, struct indexed *message)
{
	struct sql_stmt *stmt;
	TRY(sql_start(apply->db, QUERY_SEARCH_SNAPSHOT, SQL_ARGS(sql_id(message->id)), &stmt));
	while (sql_step(stmt)) {
		size_t n;
		const char *text = sql_column_borrow(stmt, 0, &n);
		const struct str content = {text, n};
		message->has |= SEARCH_HAS_FORWARD | (holds_link(content) ? SEARCH_HAS_LINK : 0u);
		search_text_put_gap(message->text);
		search_text_put_content(message->text, content, NULL);
	}
	return sql_finish(stmt);
}

static unsigned has_of_type(struct str type)
{
	if (type.n > 6 && memcmp(type.p, "image/", 6) == 0)
		return SEARCH_HAS_FILE | SEARCH_HAS_IMAGE;
	if (type.n > 6 && memcmp(type.p, "video/", 6) == 0)
		return SEARCH_HAS_FILE | SEARCH_HAS_VIDEO;
	if (type.n > 6 && memcmp(type.p, "audio/", 6) == 0)
		return SEARCH_HAS_FILE | SEARCH_HAS_SOUND;
	return SEARCH_HAS_FILE;
}

static enum err put_files(struct apply *apply, struct indexed *message)
{
	struct sql_stmt *stmt;
	TRY(sql_start(apply->db, QUERY_SEARCH_FILES, SQL_ARGS(sql_id(message->id)), &stmt));
	while (sql_step(stmt)) {
		size_t n;
		const char *type = sql_column_borrow(stmt, 2, &n);
		message->has |= has_of_type((struct str){type, n});
		put_column(message, stmt, 0);
		put_column(message, stmt, 1);
	}
	return sql_finish(stmt);
}

static enum err put_poll(struct apply *apply, struct indexed *message)
{
	static const enum query texts[] = {QUERY_SEARCH_POLL, QUERY_SEARCH_POLL_ANSWERS};
	struct sql_stmt *stmt;
	message->has |= SEARCH_HAS_POLL;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		TRY(sql_start(apply->db, texts[i], SQL_ARGS(sql_id(message->id)), &stmt));
		while (sql_step(stmt))
			put_column(message, stmt, 0);
		TRY(sql_finish(stmt));
	}
	return ERR_OK;
}

static enum err put_parts(struct apply *apply, struct indexed *message)
{
	static const struct {
		enum message_part part;
		enum err (*put)(struct apply *, struct indexed *);
	} rows[] = {{MESSAGE_HAS_MENTIONS, put_mentions},
		    {MESSAGE_HAS_EMBEDS, put_embeds},
		    {MESSAGE_HAS_SNAPSHOT, put_snapshot},
		    {MESSAGE_HAS_ATTACHMENTS, put_files},
		    {MESSAGE_HAS_POLL, put_poll}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (message->parts & rows[i].part)
			TRY(rows[i].put(apply, message));
	}
	if (message->parts & MESSAGE_HAS_PIN)
		message->has |= SEARCH_HAS_PIN;
	return ERR_OK;
}

static struct str str_of(const struct buf *buf)
{
	return buf->n == 0 ? STR("") : (struct str){buf->p, buf->n};
}

static enum err enter(struct apply *apply, struct indexed *message)
{
	put_row(message);
	if (message->parts & PARTS_INDEXED) {
		TRY(put_parts(apply, message));
		put_has(message);
		TRY(sql_run(
		    apply->db, QUERY_SEARCH_TEXT_INSERT,
		    SQL_ARGS(sql_id(message->id), sql_text(str_of(message->text).p), sql_text(str_of(message->tags).p)),
		    NULL));
	} else {
		put_has(message);
	}
	search_queue_add(apply->search, message->id, false, str_of(message->text), str_of(message->tags));
	return ERR_OK;
}

static void put_borrowed(struct buf *out, struct sql_stmt *stmt, int column)
{
	size_t n;
	const char *text = sql_column_borrow(stmt, column, &n);

	buf_put(out, text, n);
}

static enum err leave(struct apply *apply, struct indexed *message)
{
	struct sql_stmt *stmt;
	TRY(sql_start(apply->db, QUERY_SEARCH_TEXT_FIND, SQL_ARGS(sql_id(message->id)), &stmt));
	bool is_kept = sql_step(stmt);
	if (is_kept) {
		put_borrowed(message->text, stmt, 0);
		put_borrowed(message->tags, stmt, 1);
	}
	TRY(sql_finish(stmt));
	if (is_kept) {
		TRY(sql_run(apply->db, QUERY_SEARCH_TEXT_DELETE, SQL_ARGS(sql_id(message->id)), NULL));
	} else {
		put_row(message);
		put_has(message);
	}
	search_queue_add(apply->search, message->id, true, str_of(message->text), str_of(message->tags));
	return ERR_OK;
}

/* Whether the index has it, or is to have it: what is older follows by and by. */
static enum err is_reached(struct apply *apply, int64_t message_id, bool *out)
{
	int64_t from;
	TRY(sql_find_int(apply->db, QUERY_SEARCH_INDEXED_FROM, SQL_NO_ARGS, &from));
	*out = message_id >= from;
	return ERR_OK;
}

/* Whatever comes here is above what the index has reached: new messages are, and what has just left it. */
enum err search_enter(struct apply *apply, int64_t message_id)
{
	struct indexed message;
	bool is_found;
	TRY(find(apply, message_id, &message, &is_found));
	return is_found ? enter(apply, &message) : ERR_OK;
}

enum err search_leave(struct apply *apply, int64_t message_id)
{
	struct indexed message;
	bool is_found;
	search_note_loss(apply);
	TRY(is_reached(apply, message_id, &is_found));
	if (is_found)
		TRY(find(apply, message_id, &message, &is_found));
	return is_found ? leave(apply, &message) : ERR_OK;
}

enum err search_renew(struct apply *apply, int64_t message_id)
{
	const struct search_queue *queue = apply->search;
	const struct search_entry *last = queue->count > 0 ? &queue->entries[queue->count - 1] : NULL;
	struct indexed before, after;
	bool is_found;
	if (last != NULL && last->message_id == message_id && last->is_leaving)
		return search_enter(apply, message_id);
	TRY(is_reached(apply, message_id, &is_found));
	if (is_found)
		TRY(find(apply, message_id, &before, &is_found));
	if (!is_found)
		return ERR_OK;
	after = before;
	after.text = buf_in_arena(apply->arena);
	after.tags = buf_in_arena(apply->arena);
	TRY(leave(apply, &before));
	return enter(apply, &after);
}

void search_note_loss(struct apply *apply)
{
	apply->search->has_losses = true;
}

static enum err ids_of(struct apply *apply, enum query query, const struct sql_arg *args, int64_t *ids, size_t *count)
{
	struct sql_stmt *stmt;
	size_t most = *count;
	*count = 0;
	TRY(sql_start(apply->db, query, args, &stmt));
	while (*count < most && sql_step(stmt))
		ids[(*count)++] = sql_column_int(stmt, 0);
	return sql_finish(stmt);
}

enum err search_leave_all(struct apply *apply, int64_t channel_id, int64_t last_id)
{
	int64_t ids[CAUGHT_UP_AT_ONCE];
	size_t count = CAUGHT_UP_AT_ONCE;
	TRY(ids_of(apply, QUERY_SEARCH_LIST_TO_PURGE, SQL_ARGS(sql_id(channel_id), sql_id(last_id)), ids, &count));
	for (size_t i = 0; i < count; i++)
		TRY(search_leave(apply, ids[i]));
	return ERR_OK;
}

static enum err begin_anew(struct apply *apply)
{
	TRY(sql_run(apply->db, QUERY_SEARCH_BEGIN_ANEW, SQL_NO_ARGS, NULL));
	TRY(sql_run(apply->db, QUERY_SEARCH_TEXT_DELETE_ALL, SQL_NO_ARGS, NULL));
	return sql_run(apply->db, QUERY_SEARCH_SET_VERSION, SQL_ARGS(sql_int(SEARCH_TEXT_VERSION)), NULL);
}

static enum err state(struct apply *apply, int64_t *version, int64_t *from)
{
	struct sql_stmt *stmt;
	*version = *from = 0;
	TRY(sql_start(apply->db, QUERY_SEARCH_STATE, SQL_NO_ARGS, &stmt));
	if (sql_step(stmt)) {
		*version = sql_column_int(stmt, 0);
		*from = sql_column_int(stmt, 1);
	}
	return sql_finish(stmt);
}

enum err search_catch_up(struct apply *apply, bool *is_done)
{
	int64_t ids[CAUGHT_UP_AT_ONCE], version, from;
	size_t count = CAUGHT_UP_AT_ONCE;
	TRY(state(apply, &version, &from));
	*is_done = version == SEARCH_TEXT_VERSION && from == 0;
	if (version != SEARCH_TEXT_VERSION)
		return begin_anew(apply);
	if (*is_done)
		return ERR_OK;
	TRY(ids_of(apply, QUERY_SEARCH_LIST_TO_INDEX, SQL_ARGS(sql_int(from), sql_int(CAUGHT_UP_AT_ONCE)), ids,
		   &count));
	from = count < CAUGHT_UP_AT_ONCE ? 0 : ids[count - 1];
	TRY(sql_run(apply->db, QUERY_SEARCH_SET_INDEXED_FROM, SQL_ARGS(sql_int(from)), NULL));
	for (size_t i = 0; i < count; i++)
		TRY(search_enter(apply, ids[i]));
	return ERR_OK;
}
