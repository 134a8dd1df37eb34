/* ( {text} : ( "some" "words" * ) AND {tags} : ( ( … ) AND ( … ) ) ) NOT ( {text} : ( "excluded" ) OR {tags} : ( … ) )
 */
#include "domain/search/search_match.h"

#include "base/ensure.h"
#include "base/utf8.h"
#include "domain/search/search_tags.h"
#include "text/search_text.h"

#include <stdarg.h>
#include <stdio.h>

enum {
	/* Asking for each of very many places costs more than looking at what is found in those that the user may not
	   read. */
	PLACES_EXCLUDED_MAX = 60,
	/* Each place or author is one tag more for each thing that is asked to be with a message. */
	HAS_PAIRED_MAX = 4,
};

struct writer {
	struct sql *db;
	struct arena *arena;
	struct buf *out;
	bool needs_operator; /* something stands before this place in the current parentheses */
};

/* What joins the next of several with the ones before it. */
static void next(struct writer *writer, const char *operator)
{
	if (writer->needs_operator)
		buf_puts(writer->out, operator);
	writer->needs_operator = true;
}

static void open(struct writer *writer, const char *start)
{
	buf_puts(writer->out, start);
	writer->needs_operator = false;
}

static void close(struct writer *writer)
{
	buf_puts(writer->out, ")");
	writer->needs_operator = true;
}

static void tag(struct writer *writer, const char *operator, const char * format, ...)
    __attribute__((format(printf, 3, 4)));
static void tag(struct writer *writer, const char *operator, const char * format, ...)
{
	char text[64];
	va_list args;
	va_start(args, format);
	int n = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	ensure(n > 0 && n < (int)sizeof(text));
	next(writer, operator);
	buf_putc(writer->out, '"');
	buf_puts(writer->out, text);
	buf_putc(writer->out, '"');
}

struct last_token {
	size_t count, characters, start;
};

static void take_last(void *context, const char *p, size_t n, size_t start, size_t end)
{
	struct last_token *last = context;
	(void)end;
	*last = (struct last_token){last->count + 1, utf8_count(p, n), start};
}

enum err search_term_ready(struct sql *db, struct arena *arena, const struct search_term *term, struct str *out,
			   bool *is_prefix)
{
	struct buf *ready = buf_in_arena(arena);
	struct last_token last = {0};
	search_text_put_content(ready, term->text, NULL);
	*out = ready->n > 0 ? (struct str){ready->p, ready->n} : STR("");
	*is_prefix = false;
	if (!term->is_prefix || ready->n == 0)
		return ERR_OK;
	TRY(sql_tokenize(db, ready->p, ready->n, take_last, &last));
	*is_prefix = last.characters >= SEARCH_PREFIX_MIN;
	if (!*is_prefix && last.count > 1)
		out->n = last.start;
	return ERR_OK;
}

/* A term is a string: of several words FTS5 makes a phrase. */
static enum err put_term(struct writer *writer, const struct search_term *term)
{
	struct str ready;
	bool is_prefix;
	TRY(search_term_ready(writer->db, writer->arena, term, &ready, &is_prefix));
	buf_putc(writer->out, '"');
	for (size_t i = 0; i < ready.n; i++) {
		if (ready.p[i] == '"')
			buf_putc(writer->out, '"');
		buf_putc(writer->out, ready.p[i]);
	}
	buf_puts(writer->out, is_prefix ? "\" *" : "\"");
	return ERR_OK;
}

/* Side by side they are joined by an AND that passes over those of which no word can be made, such as "&". */
static enum err put_words(struct writer *writer, const struct search_query *query)
{
	bool has_any = false;
	for (size_t i = 0; i < query->term_count; i++) {
		if (query->terms[i].is_excluded)
			continue;
		if (!has_any)
			open(writer, "{text} : (");
		has_any = true;
		TRY(put_term(writer, &query->terms[i]));
		buf_putc(writer->out, ' ');
	}
	if (has_any)
		close(writer);
	return ERR_OK;
}

/* Private threads that are the user's to read, of whatever may be in the workspace. */
static void put_private_threads(struct writer *writer, const struct search_access *access)
{
	for (size_t i = 0; i < access->threads.count; i++)
		tag(writer, " OR ", SEARCH_TAG_PLACE, access->threads.list[i]);
	for (size_t i = 0; i < access->managed.count; i++)
		tag(writer, " OR ", SEARCH_TAG_PRIVATE_OF, access->managed.list[i]);
}

/* All that the user may read in the workspace: everything where that is so, else everything but some, else each place.
 */
static void put_readable(struct writer *writer, const struct search_access *access)
{
	bool reads_all = access->hidden.count == 0;
	bool manages_all = reads_all && access->managed.count == access->readable.count;

	next(writer, " AND ");
	open(writer, "(");
	if (manages_all) {
		tag(writer, " OR ", SEARCH_TAG_GUILD, access->scope.guild_id);
	} else if (access->hidden.count <= PLACES_EXCLUDED_MAX && access->hidden.count <= access->readable.count) {
		open(writer, "(");
		tag(writer, "", SEARCH_TAG_GUILD, access->scope.guild_id);
		open(writer, " NOT (");
		tag(writer, " OR ", SEARCH_TAG_PRIVATE);
		for (size_t i = 0; i < access->hidden.count; i++)
			tag(writer, " OR ", SEARCH_TAG_PLACE, access->hidden.list[i]);
		close(writer);
		close(writer);
		put_private_threads(writer, access);
	} else {
		for (size_t i = 0; i < access->readable.count; i++)
			tag(writer, " OR ", SEARCH_TAG_PLACE, access->readable.list[i]);
		put_private_threads(writer, access);
		if (access->readable.count == 0)
			tag(writer, " OR ", SEARCH_TAG_HAS, "nothing");
	}
	close(writer);
}

/* Where and by whom, both asked: each pair has a tag of its own. */
static void put_pairs(struct writer *writer, const struct search_targets *authors, const struct search_targets *places,
		      const struct search_targets *threads)
{
	next(writer, " AND ");
	open(writer, "(");
	for (size_t a = 0; a < authors->any_count; a++) {
		for (size_t p = 0; p < places->any_count; p++)
			tag(writer, " OR ", SEARCH_TAG_AUTHOR_PLACE, authors->any[a], places->any[p]);
		for (size_t t = 0; t < threads->any_count; t++) {
			next(writer, " OR ");
			open(writer, "(");
			tag(writer, " AND ", SEARCH_TAG_AUTHOR, authors->any[a]);
			tag(writer, " AND ", SEARCH_TAG_THREAD, threads->any[t]);
			close(writer);
		}
	}
	close(writer);
}

static void put_places(struct writer *writer, const struct search_targets *places, const struct search_targets *threads)
{
	next(writer, " AND ");
	open(writer, "(");
	for (size_t i = 0; i < places->any_count; i++)
		tag(writer, " OR ", SEARCH_TAG_PLACE, places->any[i]);
	for (size_t i = 0; i < threads->any_count; i++)
		tag(writer, " OR ", SEARCH_TAG_THREAD, threads->any[i]);
	close(writer);
}

#define NONE_OF(writer, tag_format, targets)                                                                           \
	for (size_t none_at = 0; none_at < (targets)->none_count; none_at++)                                           \
	tag((writer), " OR ", tag_format, (targets)->none[none_at])

static bool has_words(const struct search_query *query)
{
	for (size_t i = 0; i < query->term_count; i++) {
		if (!query->terms[i].is_excluded)
			return true;
	}
	return false;
}

static void put_any_of(struct writer *writer, const struct search_targets *targets, bool is_author)
{
	next(writer, " AND ");
	open(writer, "(");
	for (size_t i = 0; i < targets->any_count; i++) {
		if (is_author)
			tag(writer, " OR ", SEARCH_TAG_AUTHOR, targets->any[i]);
		else
			tag(writer, " OR ", SEARCH_TAG_MENTION, targets->any[i]);
	}
	close(writer);
}

/* What is with a message is asked together with where it stands and whose it is, so that FTS5 need not walk through all
 * links of the workspace to find those of a channel: the tags of these pairs stand for the parts. */
static bool is_paired_with_has(const struct search_query *query, const struct search_targets *targets)
{
	return query->has != 0 && targets->any_count > 0 && targets->any_count <= HAS_PAIRED_MAX;
}

static void put_has_of(struct writer *writer, const char *name, const struct search_targets *targets, bool is_author)
{
	next(writer, " AND ");
	open(writer, "(");
	for (size_t i = 0; i < targets->any_count; i++) {
		if (is_author)
			tag(writer, " OR ", SEARCH_TAG_HAS_AUTHOR, name, targets->any[i]);
		else
			tag(writer, " OR ", SEARCH_TAG_HAS_PLACE, name, targets->any[i]);
	}
	close(writer);
}

/* What is with it: all that is asked. places and authors are NULL where they are not asked along with that. */
static void put_has(struct writer *writer, unsigned has, const struct search_targets *places,
		    const struct search_targets *authors)
{
	for (unsigned i = 0; i < SEARCH_HAS_COUNT; i++) {
		const char *name = search_has_name((enum search_has)(1u << i));
		if ((has & (1u << i)) == 0)
			continue;
		if (places != NULL)
			put_has_of(writer, name, places, false);
		if (authors != NULL)
			put_has_of(writer, name, authors, true);
		if (places == NULL && authors == NULL)
			tag(writer, " AND ", SEARCH_TAG_HAS, name);
	}
}

static void put_tags(struct writer *writer, const struct search_access *access, const struct search_query *query,
		     const struct search_resolved *resolved, bool is_narrowed)
{
	struct search_targets here = {.any = {access->scope.channel_id}, .any_count = 1};
	bool is_direct = access->scope.guild_id == 0, is_placed = is_direct || resolved->places.is_asked;
	const struct search_targets *places = is_direct ? &here : &resolved->places;
	const struct search_targets *authors = &resolved->authors, *mentioned = &resolved->mentioned;

	if (!is_placed && !is_narrowed && !authors->is_asked && !mentioned->is_asked && query->has == 0) {
		if (has_words(query))
			return;
		is_narrowed = true;
	}
	const struct search_targets *threads = &resolved->threads;
	bool pairs_places = is_placed && threads->any_count == 0 && is_paired_with_has(query, places);
	bool pairs_authors = authors->is_asked && is_paired_with_has(query, authors);
	bool asks_places = is_placed && !pairs_places, asks_authors = authors->is_asked && !pairs_authors;

	next(writer, " AND ");
	open(writer, "{tags} : (");
	if (asks_places && asks_authors)
		put_pairs(writer, authors, places, threads);
	else if (asks_places)
		put_places(writer, places, threads);
	else if (asks_authors)
		put_any_of(writer, authors, true);
	if (!is_placed && is_narrowed)
		put_readable(writer, access);
	if (mentioned->is_asked)
		put_any_of(writer, mentioned, false);
	put_has(writer, query->has, pairs_places ? places : NULL, pairs_authors ? authors : NULL);
	close(writer);
}

static bool excludes_tags(const struct search_query *query, const struct search_resolved *resolved)
{
	return query->has_not != 0 || resolved->authors.none_count > 0 || resolved->mentioned.none_count > 0 ||
	       resolved->places.none_count > 0 || resolved->threads.none_count > 0;
}

static enum err put_excluded(struct writer *writer, const struct search_query *query,
			     const struct search_resolved *resolved)
{
	bool is_first = true;
	for (size_t i = 0; i < query->term_count; i++) {
		if (!query->terms[i].is_excluded)
			continue;
		buf_puts(writer->out, is_first ? " NOT (" : " OR ");
		is_first = false;
		buf_puts(writer->out, "{text} : (");
		TRY(put_term(writer, &query->terms[i]));
		buf_putc(writer->out, ')');
	}
	if (excludes_tags(query, resolved)) {
		open(writer, is_first ? " NOT ({tags} : (" : " OR {tags} : (");
		is_first = false;
		NONE_OF(writer, SEARCH_TAG_AUTHOR, &resolved->authors);
		NONE_OF(writer, SEARCH_TAG_MENTION, &resolved->mentioned);
		NONE_OF(writer, SEARCH_TAG_PLACE, &resolved->places);
		NONE_OF(writer, SEARCH_TAG_THREAD, &resolved->threads);
		for (unsigned i = 0; i < SEARCH_HAS_COUNT; i++) {
			if (query->has_not & (1u << i))
				tag(writer, " OR ", SEARCH_TAG_HAS, search_has_name((enum search_has)(1u << i)));
		}
		close(writer);
	}
	if (!is_first)
		buf_putc(writer->out, ')');
	return ERR_OK;
}

enum err search_match(struct sql *db, struct arena *arena, const struct search_access *access,
		      const struct search_query *query, const struct search_resolved *resolved, bool is_narrowed,
		      const char **out)
{
	struct writer writer = {.db = db, .arena = arena, .out = buf_in_arena(arena)};
	open(&writer, "(");
	TRY(put_words(&writer, query));
	put_tags(&writer, access, query, resolved, is_narrowed);
	close(&writer);
	TRY(put_excluded(&writer, query, resolved));
	*out = writer.out->p;
	return ERR_OK;
}
