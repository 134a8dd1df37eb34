/* What FTS5 keeps of its segments is one record (SQLite, ext/fts5/fts5_index.c, "Structure record"): four bytes of a
 * cookie, then numbers of variable length: of levels, of segments, a counter; for each level how many of its segments
 * are being merged and how many it has; for each of these its id, its first page and its last. Levels go from the
 * newest to the oldest. */
#include "domain/search/search_segments.h"

#include "base/log.h"

enum { COOKIE_BYTES = 4 };

struct reader {
	const unsigned char *p;
	size_t n;
	bool is_short; /* the record ended too early */
};

/* SQLite's numbers: seven bits a byte, the highest first, of at most nine bytes. */
static int64_t number(struct reader *reader)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++) {
		if (reader->n == 0) {
			reader->is_short = true;
			return 0;
		}
		unsigned char byte = *reader->p++;
		reader->n--;
		value = value << 7 | (byte & 0x7f);
		if (byte < 0x80)
			return (int64_t)value;
	}
	reader->is_short = true;
	return 0;
}

static void read_segment(struct reader *reader, const struct search_segments *asked, struct search_segments *out)
{
	int64_t id = number(reader), first = number(reader), last = number(reader);

	(void)first;
	out->count++;
	if (last > out->largest_pages) {
		out->largest_pages = last;
		out->largest_id = id;
	}
	if (asked != NULL && id == asked->largest_id && last == asked->largest_pages)
		out->has_asked = true;
}

static bool read_record(struct reader *reader, const struct search_segments *asked, struct search_segments *out)
{
	if (reader->n < COOKIE_BYTES)
		return false;
	reader->p += COOKIE_BYTES;
	reader->n -= COOKIE_BYTES;
	int64_t levels = number(reader);
	(void)number(reader); /* segments, which are counted below */
	(void)number(reader);
	for (int64_t level = 0; level < levels && !reader->is_short; level++) {
		out->is_merging |= number(reader) > 0;
		int64_t segments = number(reader);
		for (int64_t i = 0; i < segments && !reader->is_short; i++)
			read_segment(reader, asked, out);
	}
	return !reader->is_short;
}

enum err search_segments_read(struct sql *db, const struct search_segments *asked, struct search_segments *out)
{
	struct sql_stmt *stmt;
	bool is_read = true;
	*out = (struct search_segments){0};
	TRY(sql_start(db, QUERY_SEARCH_STRUCTURE, SQL_NO_ARGS, &stmt));
	if (sql_step(stmt)) {
		size_t n;
		const void *record = sql_column_blob(stmt, 0, &n);
		struct reader reader = {record, n, false};
		is_read = read_record(&reader, asked, out);
	}
	TRY(sql_finish(stmt));
	if (!is_read)
		log_event(LOG_ERROR, "index_structure_unknown", log_number("segments", out->count));
	return is_read ? ERR_OK : ERR_INTERNAL;
}

enum err search_segments_merge(struct sql *db, int pages, bool *is_done)
{
	int64_t before, after;
	TRY(sql_find_int(db, QUERY_SEARCH_TOTAL_CHANGES, SQL_NO_ARGS, &before));
	TRY(sql_run(db, QUERY_SEARCH_MERGE, SQL_ARGS(sql_int(pages)), NULL));
	TRY(sql_find_int(db, QUERY_SEARCH_TOTAL_CHANGES, SQL_NO_ARGS, &after));
	*is_done = after - before < 2;
	return ERR_OK;
}
