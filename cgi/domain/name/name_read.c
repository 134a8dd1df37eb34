#include "domain/name/name.h"

#include "base/utf8.h"
#include "domain/channel/channel.h"
#include "domain/emoji/emoji.h"
#include "domain/perm.h"
#include "text/emoji.h"
#include "text/typed.h"

#include <stdio.h>
#include <string.h>

enum {
	NAME_MAX = 100,      /* code points: no name of anything is longer */
	TRIES_MAX = 8,       /* ends of a name that may have blanks in it */
	CANDIDATES_MAX = 16, /* people of one name that are looked at; more are too many to mean one */
};

struct lookup {
	struct sql *db;
	struct arena *arena;
	const struct name_place *place;
	struct channel channel;
};

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
	       (unsigned char)c >= 0x80;
}

/* Where a name that text begins with may end: behind each of its words, the longest first, and behind a mark that a
 * name may end with too. */
static size_t ends_of(struct str text, size_t ends[TRIES_MAX])
{
	size_t count = 0, chars = 0;
	for (size_t i = 1; i <= text.n && chars <= NAME_MAX && count < TRIES_MAX; i++) {
		chars += i == text.n || ((unsigned char)text.p[i] & 0xc0) != 0x80;
		bool is_word_end = is_word_byte(text.p[i - 1]) && (i == text.n || !is_word_byte(text.p[i]));
		bool is_mark = strchr(".!?)", text.p[i - 1]) != NULL && (i == text.n || text.p[i] == ' ');
		if (is_word_end || is_mark)
			ends[count++] = i;
	}
	for (size_t i = 0; i < count / 2; i++) {
		size_t other = ends[i];
		ends[i] = ends[count - 1 - i];
		ends[count - 1 - i] = other;
	}
	return count;
}

static enum err sees(const struct lookup *lookup, int64_t user_id, bool *out)
{
	uint64_t bits;
	TRY(perm_of_read_channel(lookup->db, lookup->arena, &lookup->channel, user_id, &bits));
	*out = bits != 0;
	return ERR_OK;
}

/* Who has a name, each once; too_many when that cannot be told. */
struct people {
	int64_t ids[CANDIDATES_MAX];
	size_t count;
	bool too_many;
};

static enum err add_people(const struct lookup *lookup, enum query query, const struct sql_arg *args,
			   struct people *people)
{
	int64_t found[CANDIDATES_MAX];
	struct sql_stmt *stmt;
	size_t count = 0;
	TRY(sql_start(lookup->db, query, args, &stmt));
	while (count < CANDIDATES_MAX && sql_step(stmt))
		found[count++] = sql_column_int(stmt, 0);
	TRY(sql_finish(stmt));
	people->too_many |= count == CANDIDATES_MAX;
	for (size_t i = 0; i < count; i++) {
		bool is_seen = false, is_known = false;
		for (size_t j = 0; j < people->count; j++)
			is_known |= people->ids[j] == found[i];
		if (!is_known)
			TRY(sees(lookup, found[i], &is_seen));
		if (is_seen && people->count < CANDIDATES_MAX)
			people->ids[people->count++] = found[i];
		else if (is_seen)
			people->too_many = true;
	}
	return ERR_OK;
}

static enum err find_role(const struct lookup *lookup, const char *name, int64_t *role_id, size_t *count)
{
	struct sql_stmt *stmt;
	*count = 0;
	if (lookup->channel.guild_id == 0)
		return ERR_OK;
	TRY(sql_start(lookup->db, QUERY_NAME_LIST_ROLE, SQL_ARGS(sql_id(lookup->channel.guild_id), sql_text(name)),
		      &stmt));
	for (; sql_step(stmt); (*count)++)
		*role_id = sql_column_int(stmt, 0);
	return sql_finish(stmt);
}

/* A person of that display name or nickname, or a role: if it is one. */
static enum err find_shown_name(const struct lookup *lookup, const char *name, struct buf *out)
{
	struct people people = {.count = 0};
	int64_t role_id = 0;
	size_t role_count;
	TRY(add_people(lookup, QUERY_NAME_LIST_DISPLAY_NAME, SQL_ARGS(sql_text(name), sql_int(CANDIDATES_MAX)),
		       &people));
	if (lookup->channel.guild_id != 0)
		TRY(add_people(lookup, QUERY_NAME_LIST_NICKNAME,
			       SQL_ARGS(sql_id(lookup->channel.guild_id), sql_text(name), sql_int(CANDIDATES_MAX)),
			       &people));
	TRY(find_role(lookup, name, &role_id, &role_count));
	if (people.too_many || people.count + role_count != 1)
		return ERR_OK;
	buf_printf(out, "<@%s%lld>", role_count == 1 ? "&" : "",
		   (long long)(role_count == 1 ? role_id : people.ids[0]));
	return ERR_OK;
}

static bool is_username(struct str text)
{
	enum { USERNAME_MIN = 2, USERNAME_MAX = 32 };
	if (text.n < USERNAME_MIN || text.n > USERNAME_MAX)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if ((unsigned char)c >= 0x80 || (!is_word_byte(c) && c != '.'))
			return false;
	}
	return true;
}

static enum err find_username(const struct lookup *lookup, const char *name, struct buf *out)
{
	int64_t user_id;
	bool is_seen = false;
	TRY(sql_find_int(lookup->db, QUERY_NAME_FIND_USERNAME, SQL_ARGS(sql_text(name)), &user_id));
	if (user_id != 0)
		TRY(sees(lookup, user_id, &is_seen));
	if (is_seen)
		buf_printf(out, "<@%lld>", (long long)user_id);
	return ERR_OK;
}

static enum err find_person(const struct lookup *lookup, struct str rest, struct buf *out, size_t *taken)
{
	size_t ends[TRIES_MAX], count = ends_of(rest, ends);
	for (size_t i = 0; i < count && out->n == 0; i++) {
		const char *name = arena_strndup(lookup->arena, rest.p, ends[i]);
		if (strcmp(name, "everyone") == 0 || strcmp(name, "here") == 0)
			return ERR_OK;
		*taken = ends[i];
		if (is_username((struct str){rest.p, ends[i]}))
			TRY(find_username(lookup, name, out));
		if (out->n == 0)
			TRY(find_shown_name(lookup, name, out));
	}
	return ERR_OK;
}

static enum err find_channel(const struct lookup *lookup, struct str rest, struct buf *out, size_t *taken)
{
	size_t ends[TRIES_MAX], count = ends_of(rest, ends);
	for (size_t i = 0; i < count && out->n == 0 && lookup->channel.guild_id != 0; i++) {
		const char *name = arena_strndup(lookup->arena, rest.p, ends[i]);
		int64_t channel_id;
		uint64_t bits;
		TRY(sql_find_int(lookup->db, QUERY_NAME_FIND_CHANNEL,
				 SQL_ARGS(sql_id(lookup->channel.guild_id), sql_text(name)), &channel_id));
		if (channel_id == 0)
			continue;
		enum err e = perm_of_channel(lookup->db, lookup->arena, channel_id, lookup->place->author_id, &bits);
		if (e == ERR_OK)
			buf_printf(out, "<#%lld>", (long long)channel_id);
		else if (e != ERR_UNKNOWN_CHANNEL && e != ERR_UNKNOWN_GUILD)
			return e;
		*taken = ends[i];
	}
	return ERR_OK;
}

static enum err find_emoji(const struct lookup *lookup, struct str rest, struct buf *out, size_t *taken)
{
	struct str name, ignored;
	struct emoji emoji;
	if (!str_cut(rest, ':', &name, &ignored) || name.n == 0 || name.n > EMOJI_NAME_MAX)
		return ERR_OK;
	*taken = name.n + 1;
	if (lookup->channel.guild_id != 0 && token_emoji_name(name) == name.n) {
		enum err e = emoji_find_by_name(lookup->db, lookup->arena, lookup->channel.guild_id,
						arena_strndup(lookup->arena, name.p, name.n), &emoji);
		if (e == ERR_OK)
			buf_printf(out, "<%s:%s:%lld>", emoji.is_animated ? "a" : "", emoji.name, (long long)emoji.id);
		else if (e != ERR_UNKNOWN_EMOJI)
			return e;
	}
	if (out->n == 0) {
		struct str known = emoji_by_name(name);
		buf_put(out, known.p, known.n);
	}
	return ERR_OK;
}

static enum err find(void *owner, char sign, struct str rest, struct buf *out, size_t *taken)
{
	const struct lookup *lookup = owner;
	TRY(sign == '@'   ? find_person(lookup, rest, out, taken)
	    : sign == '#' ? find_channel(lookup, rest, out, taken)
			  : find_emoji(lookup, rest, out, taken));
	if (out->n == 0)
		*taken = 0;
	return ERR_OK;
}

static enum err put_name(const struct lookup *lookup, enum query query, const struct sql_arg *args, char sign,
			 struct buf *out)
{
	struct sql_stmt *stmt;
	TRY(sql_start(lookup->db, query, args, &stmt));
	if (sql_step(stmt)) {
		size_t n;
		const char *name = sql_column_borrow(stmt, 0, &n);
		buf_putc(out, sign);
		buf_put(out, name, n);
	}
	return sql_finish(stmt);
}

static enum err name(void *owner, const struct token *token, struct buf *out)
{
	const struct lookup *lookup = owner;
	struct sql_arg id = sql_id(token->id), guild = sql_id(lookup->channel.guild_id);
	switch (token->kind) {
	case TOKEN_USER:
		return put_name(lookup, QUERY_NAME_USERNAME, SQL_ARGS(id), '@', out);
	case TOKEN_ROLE:
		return put_name(lookup, QUERY_NAME_ROLE, SQL_ARGS(id, guild), '@', out);
	case TOKEN_CHANNEL:
		return put_name(lookup, QUERY_NAME_CHANNEL, SQL_ARGS(id, guild), '#', out);
	case TOKEN_EMOJI:
		buf_printf(out, ":%.*s:", (int)token->name.n, token->name.p);
		break;
	case TOKEN_TIME:
		break;
	}
	return ERR_OK;
}

enum err name_to_stored(struct sql *db, struct arena *arena, const struct name_place *place, struct str text,
			struct str *out)
{
	struct lookup lookup = {.db = db, .arena = arena, .place = place};
	*out = text;
	if (memchr(text.p, '@', text.n) == NULL && memchr(text.p, '#', text.n) == NULL &&
	    memchr(text.p, ':', text.n) == NULL)
		return ERR_OK;
	TRY(channel_find(db, arena, place->channel_id, &lookup.channel));
	return typed_to_stored(arena, text, find, &lookup, out);
}

enum err name_to_typed(struct sql *db, struct arena *arena, const struct name_place *place, struct str text,
		       struct str *out)
{
	struct lookup lookup = {.db = db, .arena = arena, .place = place};
	struct str typed, again;
	*out = text;
	if (memchr(text.p, '<', text.n) == NULL)
		return ERR_OK;
	TRY(channel_find(db, arena, place->channel_id, &lookup.channel));
	TRY(typed_from_stored(arena, text, name, &lookup, &typed));
	/* What would be read as something else, such as a name that two have, is shown as it is stored. */
	TRY(name_to_stored(db, arena, place, typed, &again));
	if (str_eq(again, text))
		*out = typed;
	return ERR_OK;
}
