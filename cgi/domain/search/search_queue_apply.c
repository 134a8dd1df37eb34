#include "domain/search/search_queue.h"

#include "base/ensure.h"
#include "base/log.h"
#include "domain/search/search_segments.h"
#include "sql/sql.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS_KEPT_MAX = 1024 * 1024, ENTRIES_FIRST = 64, UNMERGED_MAX = 32, UNMERGED_LATE = 128, PAGES_A_GROUP = 8 };

struct search_mark search_queue_mark(const struct search_queue *queue)
{
	return (struct search_mark){queue->count, queue->words.n, queue->has_losses};
}

void search_queue_cut(struct search_queue *queue, struct search_mark mark)
{
	ensure(mark.count <= queue->count && mark.words_n <= queue->words.n);
	queue->count = mark.count;
	queue->words.n = mark.words_n;
	queue->has_losses = mark.has_losses;
}

void search_queue_clear(struct search_queue *queue)
{
	if (queue->words.cap > WORDS_KEPT_MAX)
		buf_free(&queue->words);
	buf_clear(&queue->words);
	queue->count = 0;
	queue->has_losses = false;
}

void search_queue_free(struct search_queue *queue)
{
	free(queue->entries);
	buf_free(&queue->words);
	*queue = (struct search_queue){0};
}

void search_queue_add(struct search_queue *queue, int64_t message_id, bool is_leaving, struct str text, struct str tags)
{
	if (queue->count == queue->capacity) {
		queue->capacity = queue->capacity == 0 ? ENTRIES_FIRST : 2 * queue->capacity;
		queue->entries = realloc(queue->entries, queue->capacity * sizeof(*queue->entries));
		ensure(queue->entries != NULL);
	}
	queue->entries[queue->count] = (struct search_entry){
	    .message_id = message_id,
	    .is_leaving = is_leaving,
	    .order = queue->count,
	    .text_at = queue->words.n,
	    .text_n = text.n,
	    .tags_at = queue->words.n + text.n + 1,
	    .tags_n = tags.n,
	};
	queue->count++;
	buf_put(&queue->words, text.p, text.n);
	buf_putc(&queue->words, '\0');
	buf_put(&queue->words, tags.p, tags.n);
	buf_putc(&queue->words, '\0');
}

/* FTS5 takes rows in ascending order into one segment, and the newest message has the lowest (db/queries/search.sql).
 */
static int by_message(const void *a, const void *b)
{
	const struct search_entry *x = a, *y = b;

	if (x->message_id != y->message_id)
		return x->message_id > y->message_id ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static bool is_same(const struct search_queue *queue, const struct search_entry *a, const struct search_entry *b)
{
	const char *words = queue->words.p;

	return a->text_n == b->text_n && a->tags_n == b->tags_n &&
	       memcmp(words + a->text_at, words + b->text_at, a->text_n) == 0 &&
	       memcmp(words + a->tags_at, words + b->tags_at, a->tags_n) == 0;
}

/* Whether words that were in the index are in what replaces them no more. What grew at its end lost nothing. */
static bool loses_words(const struct search_queue *queue, const struct search_entry *before,
			const struct search_entry *after)
{
	return after->text_n < before->text_n ||
	       memcmp(queue->words.p + before->text_at, queue->words.p + after->text_at, before->text_n) != 0;
}

static enum err tell(const struct search_queue *queue, struct sql *db, const struct search_entry *entry)
{
	return sql_run(db, entry->is_leaving ? QUERY_SEARCH_DELETE : QUERY_SEARCH_INSERT,
		       SQL_ARGS(sql_id(entry->message_id), sql_text(queue->words.p + entry->text_at),
				sql_text(queue->words.p + entry->tags_at)),
		       NULL);
}

/* Of all that became of one message what is left is how it was in the index before, and how it is to be there. */
static enum err tell_message(struct search_queue *queue, struct sql *db, const struct search_entry *first,
			     const struct search_entry *last)
{
	bool leaves = first->is_leaving, enters = !last->is_leaving;

	if (leaves && enters && is_same(queue, first, last))
		return ERR_OK;
	queue->has_losses |= leaves && (!enters || loses_words(queue, first, last));
	if (leaves)
		TRY(tell(queue, db, first));
	return enters ? tell(queue, db, last) : ERR_OK;
}

static enum err tell_all(struct search_queue *queue, struct sql *db)
{
	size_t from = 0;

	if (queue->count > 1)
		qsort(queue->entries, queue->count, sizeof(*queue->entries), by_message);
	while (from < queue->count) {
		size_t to = from + 1;
		while (to < queue->count && queue->entries[to].message_id == queue->entries[from].message_id)
			to++;
		TRY(tell_message(queue, db, &queue->entries[from], &queue->entries[to - 1]));
		from = to;
	}
	return ERR_OK;
}

/* FTS5 writes what it was told when a savepoint begins, so that all of it can still be undone then. */
static enum err write_segment(struct sql *db)
{
	TRY(sql_run(db, QUERY_SAVEPOINT_BEGIN, SQL_NO_ARGS, NULL));
	return sql_run(db, QUERY_SAVEPOINT_RELEASE, SQL_NO_ARGS, NULL);
}

enum err search_queue_merge(struct search_queue *queue, struct sql *db, int merge_from, int pages, bool *is_done)
{
	if (queue->merge_from != merge_from)
		TRY(sql_run(db, QUERY_SEARCH_MERGE_FROM, SQL_ARGS(sql_int(merge_from)), NULL));
	/* Where the transaction is undone this is not so; then merging goes on as it did before. */
	queue->merge_from = merge_from;
	TRY(search_segments_merge(db, pages, is_done));
	if (*is_done)
		queue->unmerged = 0;
	return ERR_OK;
}

/* House-keeping merges while nobody waits. Where somebody always does, groups merge a little once some segments are
 * there: few at a time, because every step of a merge opens each of them anew, and many of a size into one, so that
 * each word is written anew less often. It costs a group 2 to 3 ms and no flush, and who posts waits for two groups: so
 * it is every other group that does it, and each only where that is not enough. */
static enum err merge_a_little(struct search_queue *queue, struct sql *db)
{
	bool is_done, is_late = queue->unmerged >= UNMERGED_LATE;
	if (queue->unmerged < UNMERGED_MAX || (!is_late && queue->unmerged % 2 != 0))
		return ERR_OK;
	return search_queue_merge(queue, db, SEARCH_MERGE_FROM_BUSY, PAGES_A_GROUP, &is_done);
}

/* An index that contradicts itself, or the messages, keeps nobody from writing: it is left as it was, to be made anew
 * in house-keeping from the messages as they are by then. */
static enum err tell_if_whole(struct search_queue *queue, struct sql *db)
{
	TRY(sql_run(db, QUERY_SAVEPOINT_BEGIN, SQL_NO_ARGS, NULL));
	enum err err = tell_all(queue, db);
	if (err == ERR_OK)
		err = write_segment(db);
	if (err == ERR_OK)
		err = merge_a_little(queue, db);
	if (err == ERR_STORAGE_FULL || !sql_in_transaction(db))
		return err != ERR_OK ? err : ERR_DATABASE_UNAVAILABLE;
	if (err != ERR_OK) {
		TRY(sql_run(db, QUERY_SAVEPOINT_ROLLBACK, SQL_NO_ARGS, NULL));
		TRY(search_mark_damaged(db));
	}
	return sql_run(db, QUERY_SAVEPOINT_RELEASE, SQL_NO_ARGS, NULL);
}

enum err search_mark_damaged(struct sql *db)
{
	log_event(LOG_ERROR, "index_damaged", log_text("then", "it is made anew"));
	return sql_run(db, QUERY_SEARCH_MARK_DAMAGED, SQL_NO_ARGS, NULL);
}

enum err search_queue_flush(struct search_queue *queue, struct sql *db, int64_t now_ms)
{
	if (queue->count > 0)
		TRY(tell_if_whole(queue, db));
	if (queue->has_losses)
		TRY(sql_run(db, QUERY_SEARCH_MARK_DIRTY, SQL_ARGS(sql_int(now_ms)), NULL));
	queue->unmerged += queue->count > 0;
	search_queue_clear(queue);
	return ERR_OK;
}
