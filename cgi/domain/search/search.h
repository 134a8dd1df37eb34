/* Search: an index of the words of all messages (FTS5), kept in the transactions that change them.
 *
 * A message is one row of the index: its words, and tags that say where it stands, whose it is and what is with it, so
 * that filters are words of the same query and no join. The index holds no text, so a message leaves it with the words
 * that it went in with. What messages are found is always asked of the index and then, for each, of the tables: who may
 * read it now decides domain/perm.h.
 *
 * What a search costs beyond its page: each match that is counted is looked up (2 to 3 us), and where several words or
 * filters are asked, FTS5 walks through all of their lists (30 ns for each message in which one of them stands). So
 * what people ask together has a tag of its own where the parts alone are long lists (search_tags.h).
 *
 * Two words, one of which is in every third of a million messages and one in every 350th, are 10 ms of walking: between
 * two entries of the rarer one FTS5 skips to the right page of the other's list and decodes that, 450 entries a page.
 * As counting ends, a longer history makes that no more than a page for each of some 3,000 entries. Measured and left:
 * pages of a quarter of the size take 8 ms and make four times as many rows of every segment; shorter numbers of rows
 * take nothing off; and reading each message of the rarer word to look for the other would take as long as the walk. */
#ifndef SNUG_DOMAIN_SEARCH_SEARCH_H
#define SNUG_DOMAIN_SEARCH_SEARCH_H

#include "domain/apply.h"

struct search_query;

enum {
	SEARCH_PAGE_MAX = 25,
	SEARCH_OFFSET_MAX = 9975,
	SEARCH_COUNTED_MAX = 1000, /* up to here what was found is counted exactly */
	/* Hits that the user may not read, after which the index is asked more narrowly; and after which it is enough:
	 * so narrow an answer has them only of channels that are being taken from the disk. */
	SEARCH_UNREADABLE_MAX = 1000,
	SEARCH_EXAMINED_MAX = 20000,
};

/* Where is searched, and for whom: a workspace, or with guild_id 0 one direct message or group. */
struct search_scope {
	int64_t guild_id, channel_id, user_id;
};

/* Which of the hits: offset of them are passed over, newest first. */
struct search_page {
	int64_t offset;
	int limit; /* 1 to SEARCH_PAGE_MAX */
	bool is_oldest_first;
};

struct search_hit {
	int64_t message_id, channel_id;
};

struct search_result {
	struct search_hit hits[SEARCH_PAGE_MAX];
	int count;
	int64_t total;       /* how many there are altogether */
	bool is_total_exact; /* else there are more */
	bool has_next;       /* more stand behind this page */
	/* Of a filter that names nobody and nothing that this user sees, so that nothing is found: its name and what
	 * was asked. NULL when there is none. */
	const char *unknown_filter, *unknown_name;
	const char *match; /* what the index was asked: in the arena */
};

/* Finds what the user may read now. An empty query finds everything. ERR_UNKNOWN_GUILD and ERR_UNKNOWN_CHANNEL for
 * strangers. */
enum err search_find(struct sql *db, struct arena *arena, const struct search_scope *scope,
		     const struct search_query *query, const struct search_page *page,
		     struct search_result *out) MUST_USE;

/* Writes the members of Discord's reply: total_results, doing_deep_historical_index and messages, a list of one full
 * message for each hit, threads, and members: what the viewer is in those. Beside them total_is_exact, and in each
 * message snippet: [{"text", "hit", "spoiler"}], what it says around what was found, as plain text. */
enum err search_result_to_json(struct sql *db, struct arena *arena, struct jw *jw, const struct search_query *query,
			       const struct search_result *result, int64_t viewer_id) MUST_USE;

/* Writes an array of channels and threads of the workspace in whose name the text stands and that the user sees. */
enum err search_channels_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
				 const struct search_scope *scope, const char *text, int limit) MUST_USE;

/* Parts of other nouns' apply functions. A message that is neither there nor indexed is passed over. */

/* Takes a message into the index as it stands now: once it is written with all that belongs to it, and after
 * search_leave. */
enum err search_enter(struct apply *apply, int64_t message_id) MUST_USE;

/* Takes it out, before its text changes or it goes: what it says must still be there. */
enum err search_leave(struct apply *apply, int64_t message_id) MUST_USE;

/* Both at once, after something beside its text changed: files, embeds, a poll, whom it mentions, whether it is pinned.
 * Right after search_leave it is search_enter. */
enum err search_renew(struct apply *apply, int64_t message_id) MUST_USE;

/* Takes out those of a deleted channel up to an id, which are about to be deleted for good. */
enum err search_leave_all(struct apply *apply, int64_t channel_id, int64_t last_id) MUST_USE;

/* Notes that words were taken away which people wrote (a text, a name, a topic): within the time of purge_after_s they
 * are to be found in no file any more. search_leave and search_renew do this themselves. */
void search_note_loss(struct apply *apply);

/* What the store does for the index between groups, a little at a time. */

/* Takes messages in that were there before the index was, or all of them when it was made by another version of us;
 * *is_done when all are in. */
enum err search_catch_up(struct apply *apply, bool *is_done) MUST_USE;

#endif
