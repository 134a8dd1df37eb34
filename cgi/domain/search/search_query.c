/* The grammar of search_query.h. Words are cut at white space; everything else is decided by how a word begins. */
#include "domain/search/search_query.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/utf8.h"
#include "domain/search/search_tags.h"

#include <string.h>

enum { MS_A_DAY = 24 * 3600 * 1000 };

/* What is left to read. */
struct reader {
	const char *p;
	size_t n;
};

void search_query_init(struct search_query *query)
{
	*query = (struct search_query){.max_id = INT64_MAX};
}

bool search_query_is_empty(const struct search_query *query)
{
	return query->term_count == 0 && query->from.count == 0 && query->in.count == 0 && query->mentions.count == 0 &&
	       query->has == 0 && query->has_not == 0 && query->min_id == 0 && query->max_id == INT64_MAX;
}

/* How many bytes of white space stand at p: those of Unicode too, which keyboards for Japanese write. */
static size_t space_at(const char *p, size_t n)
{
	uint32_t c;
	size_t length = n > 0 ? utf8_decode(p, n, &c) : 0;
	bool is_space = length > 0 && (c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xa0 || c == 0x1680 ||
				       (c >= 0x2000 && c <= 0x200b) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
				       c == 0x205f || c == 0x3000);
	return is_space ? length : 0;
}

static void skip(struct reader *reader, size_t n)
{
	reader->p += n;
	reader->n -= n;
}

/* Quotes as keyboards and phones write them: the length of one at p, 0 when there is none. */
static size_t quote_at(const char *p, size_t n)
{
	uint32_t c;
	size_t length = n > 0 ? utf8_decode(p, n, &c) : 0;

	return length > 0 && (c == '"' || (c >= 0x201c && c <= 0x201f)) ? length : 0;
}

static size_t character_at(const struct reader *reader)
{
	uint32_t c;
	size_t length = utf8_decode(reader->p, reader->n, &c);

	return length > 0 ? length : 1;
}

/* Up to white space. */
static struct str read_word(struct reader *reader)
{
	struct str word = {reader->p, 0};

	while (reader->n > 0 && space_at(reader->p, reader->n) == 0) {
		size_t length = character_at(reader);
		word.n += length;
		skip(reader, length);
	}
	return word;
}

/* Behind an opening quote, up to the closing one, or to the end where that was forgotten. */
static struct str read_quoted(struct reader *reader)
{
	struct str text = {reader->p, 0};

	while (reader->n > 0 && quote_at(reader->p, reader->n) == 0) {
		size_t length = character_at(reader);
		text.n += length;
		skip(reader, length);
	}
	skip(reader, quote_at(reader->p, reader->n));
	return text;
}

static void add_term(struct search_query *query, struct str text, bool is_prefix, bool is_excluded)
{
	if (text.n > 0 && query->term_count < SEARCH_TERMS_MAX)
		query->terms[query->term_count++] = (struct search_term){text, is_prefix, is_excluded};
}

/* "word*" asks for a prefix; one asterisk more or elsewhere is nothing. */
static void add_word(struct search_query *query, struct str word, bool is_excluded)
{
	bool is_prefix = word.n > 1 && word.p[word.n - 1] == '*';

	if (is_prefix)
		word.n--;
	add_term(query, word, is_prefix && utf8_count(word.p, word.n) >= SEARCH_PREFIX_MIN, is_excluded);
}

static bool add_name(struct search_names *names, struct str text, bool is_excluded)
{
	if (text.n > 1 && (text.p[0] == '@' || text.p[0] == '#'))
		text = (struct str){text.p + 1, text.n - 1};
	if (names->count < SEARCH_NAMES_MAX)
		names->list[names->count++] = (struct search_name){text, is_excluded, 0};
	return true;
}

unsigned search_has_of(struct str name)
{
	static const struct {
		const char *name;
		unsigned bit;
	} rows[] = {{"file", SEARCH_HAS_FILE},      {"files", SEARCH_HAS_FILE},   {"attachment", SEARCH_HAS_FILE},
		    {"image", SEARCH_HAS_IMAGE},    {"images", SEARCH_HAS_IMAGE}, {"picture", SEARCH_HAS_IMAGE},
		    {"video", SEARCH_HAS_VIDEO},    {"sound", SEARCH_HAS_SOUND},  {"audio", SEARCH_HAS_SOUND},
		    {"link", SEARCH_HAS_LINK},      {"links", SEARCH_HAS_LINK},   {"embed", SEARCH_HAS_EMBED},
		    {"poll", SEARCH_HAS_POLL},      {"pin", SEARCH_HAS_PIN},      {"snapshot", SEARCH_HAS_FORWARD},
		    {"forward", SEARCH_HAS_FORWARD}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (str_eq_nocase(name, str_from(rows[i].name)))
			return rows[i].bit;
	}
	return 0;
}

static bool add_bit(struct search_query *query, unsigned bit, bool is_excluded)
{
	if (is_excluded)
		query->has_not |= bit;
	else
		query->has |= bit;
	return bit != 0;
}

static bool add_is(struct search_query *query, struct str value, bool is_excluded)
{
	static const struct {
		const char *name;
		unsigned bit;
	} rows[] = {{"thread", SEARCH_IS_THREAD}, {"reply", SEARCH_IS_REPLY},      {"pinned", SEARCH_HAS_PIN},
		    {"pin", SEARCH_HAS_PIN},      {"forward", SEARCH_HAS_FORWARD}, {"forwarded", SEARCH_HAS_FORWARD}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (str_eq_nocase(value, str_from(rows[i].name)))
			return add_bit(query, rows[i].bit, is_excluded);
	}
	return false;
}

/* Digits of exactly that number at p. */
static bool number_at(struct str text, size_t at, size_t digits, int *out)
{
	*out = 0;
	if (at + digits > text.n)
		return false;
	for (size_t i = at; i < at + digits; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
		*out = *out * 10 + (text.p[i] - '0');
	}
	return true;
}

/* Days since 1970-01-01 in the Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms"). */
static int64_t days_of(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = y / 400, of_era = y % 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int days_in(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && is_leap ? 29 : days[month - 1];
}

/* The first day of what is named and the first behind it. False when it is no day, month or year of ours. */
static bool read_days(struct str text, int64_t now_ms, int64_t *first, int64_t *next)
{
	int year, month = 1, day = 1;
	bool has_month = text.n >= 7, has_day = text.n == 10;

	*first = now_ms / MS_A_DAY;
	if (str_eq_nocase(text, STR("today"))) {
		*next = *first + 1;
		return true;
	}
	if (str_eq_nocase(text, STR("yesterday"))) {
		*next = (*first)--;
		return true;
	}
	if ((text.n != 4 && text.n != 7 && text.n != 10) || !number_at(text, 0, 4, &year) || year < 1970 ||
	    year > 2500 ||
	    (has_month && (text.p[4] != '-' || !number_at(text, 5, 2, &month) || month < 1 || month > 12)) ||
	    (has_day && (text.p[7] != '-' || !number_at(text, 8, 2, &day) || day < 1 || day > days_in(year, month))))
		return false;
	*first = days_of(year, month, day);
	if (has_day)
		*next = *first + 1;
	else if (has_month)
		*next = *first + days_in(year, month);
	else
		*next = days_of(year + 1, 1, 1);
	return true;
}

static void bound(struct search_query *query, int64_t min_id, int64_t max_id)
{
	if (min_id > query->min_id)
		query->min_id = min_id;
	if (max_id < query->max_id)
		query->max_id = max_id;
}

static bool add_time(struct search_query *query, struct str key, struct str value, int64_t now_ms)
{
	int64_t first, next;

	if (!read_days(value, now_ms, &first, &next))
		return false;
	if (str_eq_nocase(key, STR("before")))
		bound(query, 0, id_first_at(first * MS_A_DAY) - 1);
	else if (str_eq_nocase(key, STR("after")))
		bound(query, id_first_at(next * MS_A_DAY), INT64_MAX);
	else
		bound(query, id_first_at(first * MS_A_DAY), id_first_at(next * MS_A_DAY) - 1);
	return true;
}

static bool is_time_key(struct str key)
{
	return str_eq_nocase(key, STR("before")) || str_eq_nocase(key, STR("after")) || str_eq_nocase(key, STR("on")) ||
	       str_eq_nocase(key, STR("during"));
}

static bool is_key(struct str key)
{
	return is_time_key(key) || str_eq_nocase(key, STR("from")) || str_eq_nocase(key, STR("in")) ||
	       str_eq_nocase(key, STR("mentions")) || str_eq_nocase(key, STR("has")) || str_eq_nocase(key, STR("is"));
}

/* False when it is no filter after all. */
static bool add_filter(struct search_query *query, struct str key, struct str value, bool is_excluded, int64_t now_ms)
{
	if (value.n == 0)
		return false;
	if (str_eq_nocase(key, STR("from")))
		return add_name(&query->from, value, is_excluded);
	if (str_eq_nocase(key, STR("in")))
		return add_name(&query->in, value, is_excluded);
	if (str_eq_nocase(key, STR("mentions")))
		return add_name(&query->mentions, value, is_excluded);
	if (str_eq_nocase(key, STR("has")))
		return add_bit(query, search_has_of(value), is_excluded);
	if (str_eq_nocase(key, STR("is")))
		return add_is(query, value, is_excluded);
	return !is_excluded && add_time(query, key, value, now_ms);
}

/* "key:value" at the reader; false, and nothing is read, when there is none. */
static bool read_filter(struct search_query *query, struct reader *reader, bool is_excluded, int64_t now_ms)
{
	struct reader ahead = *reader;
	struct str key = {ahead.p, 0}, value;

	while (ahead.n > 0 && ((*ahead.p >= 'a' && *ahead.p <= 'z') || (*ahead.p >= 'A' && *ahead.p <= 'Z'))) {
		key.n++;
		skip(&ahead, 1);
	}
	if (ahead.n == 0 || *ahead.p != ':' || !is_key(key))
		return false;
	skip(&ahead, 1);
	size_t quote = quote_at(ahead.p, ahead.n);
	skip(&ahead, quote);
	value = quote > 0 ? str_trim(read_quoted(&ahead)) : read_word(&ahead);
	if (!add_filter(query, key, value, is_excluded, now_ms))
		return false;
	*reader = ahead;
	return true;
}

static void read_one(struct search_query *query, struct reader *reader, int64_t now_ms, bool may_exclude)
{
	bool is_excluded =
	    may_exclude && reader->n > 1 && *reader->p == '-' && space_at(reader->p + 1, reader->n - 1) == 0;
	size_t quote;

	skip(reader, is_excluded);
	if (read_filter(query, reader, is_excluded, now_ms))
		return;
	quote = quote_at(reader->p, reader->n);
	if (quote == 0) {
		add_word(query, read_word(reader), is_excluded);
		return;
	}
	skip(reader, quote);
	struct str phrase = read_quoted(reader);
	bool is_prefix = reader->n > 0 && *reader->p == '*';
	skip(reader, is_prefix);
	add_term(query, phrase, is_prefix, is_excluded);
}

static void read_all(struct search_query *query, struct str text, int64_t now_ms, bool may_exclude)
{
	struct reader reader = {text.p, text.n};

	while (reader.n > 0) {
		size_t space = space_at(reader.p, reader.n);
		if (space > 0)
			skip(&reader, space);
		else
			read_one(query, &reader, now_ms, may_exclude);
	}
}

void search_query_parse(struct search_query *query, struct str text, int64_t now_ms)
{
	read_all(query, text, now_ms, true);
}

void search_query_parse_content(struct search_query *query, struct str text, int64_t now_ms)
{
	read_all(query, text, now_ms, false);
}
