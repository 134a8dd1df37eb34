/* The JSON views of who is in a thread. */
#include "domain/member/member.h"
#include "domain/perm.h"
#include "domain/thread/thread_row.h"

/* Whoever is in a thread sees it for as long as they see its channel; those from whom that is hidden by now, or who
 * have left, are not in it, though their row is there. */
static enum err sees(struct sql *db, struct arena *arena, const struct channel *parent, int64_t user_id, bool *is_seen)
{
	uint64_t bits;
	TRY(perm_of_read_channel(db, arena, parent, user_id, &bits));
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
	struct channel parent;
	bool is_seen;
	TRY(thread_joined_at(db, channel->id, user_id, &place.joined_at_ms));
	if (place.joined_at_ms == 0)
		return ERR_UNKNOWN_MEMBER;
	TRY(channel_find_any(db, arena, channel->parent_id, &parent));
	TRY(sees(db, arena, &parent, user_id, &is_seen));
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

/* A page that is being written. */
struct listing {
	struct sql *db;
	struct arena scratch; /* of a look at a few */
	struct jw *jw;
	const struct channel *channel, *parent;
	const struct thread_member_page *page;
	int written;
};

/* Looks at the next few behind *after. */
static enum err write_some(struct listing *listing, int64_t *after, bool *is_end)
{
	struct place list[THREAD_PAGE_MAX];
	int count;
	bool is_seen;
	TRY(read_places(listing->db, listing->channel->id, *after, list, &count));
	for (int i = 0; i < count && listing->written < listing->page->limit; i++) {
		*after = list[i].user_id;
		TRY(sees(listing->db, &listing->scratch, listing->parent, *after, &is_seen));
		if (is_seen)
			TRY(place_to_json(listing->db, &listing->scratch, listing->jw, NULL, listing->channel, &list[i],
					  listing->page->has_member));
		listing->written += is_seen;
	}
	*is_end = count < THREAD_PAGE_MAX || listing->written == listing->page->limit;
	return ERR_OK;
}

/* Reads on until the page is full, whoever is left out, so that a page which is not is the last. */
enum err thread_member_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
				    const struct channel *channel, const struct thread_member_page *page)
{
	struct channel parent;
	struct listing listing = {.db = db, .jw = jw, .channel = channel, .parent = &parent, .page = page};
	int64_t after = page->after;
	enum err err = ERR_OK;
	TRY(channel_find_any(db, arena, channel->parent_id, &parent));
	jw_array(jw, key);
	arena_init(&listing.scratch);
	for (bool is_end = false; err == ERR_OK && !is_end; arena_reset(&listing.scratch))
		err = write_some(&listing, &after, &is_end);
	arena_free(&listing.scratch);
	jw_array_end(jw);
	return err;
}
