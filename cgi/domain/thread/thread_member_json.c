/* The JSON views of who is in a thread. */
#include "domain/member/member.h"
#include "domain/perm.h"
#include "domain/thread/thread_row.h"

/* Those whose roles, or whose leaving, have come to hide the thread from them are not in it, though their row is there.
 */
static enum err sees(struct sql *db, struct arena *arena, const struct channel *channel, int64_t user_id, bool *is_seen)
{
	uint64_t bits;
	TRY(perm_of_read_channel(db, arena, channel, user_id, &bits));
	*is_seen = bits != 0;
	return ERR_OK;
}

struct place {
	int64_t user_id, joined_at_ms;
};

static enum err place_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			      const struct channel *channel, const struct place *place, bool has_member)
{
	struct member member;
	jw_object(jw, key);
	jw_id(jw, "id", channel->id);
	jw_id(jw, "user_id", place->user_id);
	jw_time(jw, "join_timestamp", place->joined_at_ms);
	jw_int(jw, "flags", 0);
	if (has_member) {
		TRY(member_find(db, arena, channel->guild_id, place->user_id, &member));
		TRY(member_to_json(db, arena, jw, "member", &member));
	}
	jw_object_end(jw);
	return ERR_OK;
}

enum err thread_member_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			       const struct channel *channel, int64_t user_id, bool has_member)
{
	struct place place = {.user_id = user_id};
	bool is_seen;
	TRY(thread_joined_at(db, channel->id, user_id, &place.joined_at_ms));
	if (place.joined_at_ms == 0)
		return ERR_UNKNOWN_MEMBER;
	TRY(sees(db, arena, channel, user_id, &is_seen));
	return is_seen ? place_to_json(db, arena, jw, key, channel, &place, has_member) : ERR_UNKNOWN_MEMBER;
}

static enum err read_places(struct sql *db, int64_t thread_id, int64_t after, struct place list[THREAD_PAGE_MAX],
			    int *count)
{
	struct sql_stmt *stmt;
	*count = 0;
	TRY(sql_start(db, QUERY_CHANNEL_MEMBER_LIST,
		      SQL_ARGS(sql_id(thread_id), sql_int(after), sql_int(THREAD_PAGE_MAX)), &stmt));
	while (*count < THREAD_PAGE_MAX && sql_step(stmt))
		list[(*count)++] = (struct place){sql_column_int(stmt, 0), sql_column_int(stmt, 1)};
	return sql_finish(stmt);
}

/* Reads on until the page is full, whoever is left out, so that a page which is not is the last. */
enum err thread_member_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
				    const struct channel *channel, const struct thread_member_page *page)
{
	struct place list[THREAD_PAGE_MAX];
	int64_t after = page->after;
	int count, written = 0;
	bool is_seen;
	jw_array(jw, key);
	do {
		TRY(read_places(db, channel->id, after, list, &count));
		for (int i = 0; i < count && written < page->limit; i++) {
			after = list[i].user_id;
			TRY(sees(db, arena, channel, after, &is_seen));
			if (is_seen)
				TRY(place_to_json(db, arena, jw, NULL, channel, &list[i], page->has_member));
			written += is_seen;
		}
	} while (count == THREAD_PAGE_MAX && written < page->limit);
	jw_array_end(jw);
	return ERR_OK;
}
