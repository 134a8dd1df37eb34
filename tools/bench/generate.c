/* Fills a database with the history of a busy workspace, the same one for the same numbers: people, channels, messages
 * with mentions, replies, reactions, files (as rows), links, threads, the counts of what is unread and the index of
 * words. It goes through the product's own queries and apply functions where there are any, so what it makes is what
 * the product would have made. The server must not run. Used by tools/bench/big.mjs.
 *
 * usage: generate DATABASE GUILD OWNER MESSAGES CHANNELS PEOPLE
 *
 * Prints one line of JSON: the channels, with the busiest first, then one that ten people are in, then one with all.
 * The owner is in all of them and has read nothing. */
#include "base/clock.h"
#include "base/ensure.h"
#include "base/log.h"
#include "domain/channel/channel.h"
#include "domain/message/message.h"
#include "domain/read/read.h"
#include "domain/search/search.h"
#include "domain/search/search_segments.h"
#include "sql/sql_internal.h"
#include "sql/sql_writer.h"
#include "store/ops.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	WORDS = 6000,
	WORD_SIZE = 16,
	CONTENT_SIZE = 512,
	A_TRANSACTION = 400000, /* a segment of the index each, so that three of a million messages need no merging */
	AUTHORS_MAX = 200,      /* who writes; the others only read */
	TEN = 10,
	DAYS = 700, /* over which the history is spread */
};

struct world {
	struct op_engine engine;
	struct config config;
	struct apply apply;
	int64_t guild_id, owner_id, began_at_ms;
	int64_t *people, *channels, *newest; /* newest: the last message of each channel, for replies */
	int64_t threads[64];                 /* a ring of the latest */
	int message_count, channel_count, people_count, author_count, thread_count;
	char words[WORDS][WORD_SIZE];
	uint64_t state;
};

/* splitmix64: the same numbers on every machine. */
static uint64_t next(struct world *world)
{
	uint64_t z = world->state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static int below(struct world *world, int bound)
{
	return (int)(next(world) % (uint64_t)bound);
}

/* Small numbers more often than large ones, as words, authors and channels are used. */
static int skewed(struct world *world, int bound)
{
	double x = (double)(next(world) >> 11) / 9007199254740992.0;
	return (int)(x * x * x * bound);
}

static void must(enum err err, const char *what)
{
	if (err == ERR_OK)
		return;
	(void)fprintf(stderr, "generate: %s: %s\n", what, err_info(err)->name);
	exit(1);
}

static void run(struct world *world, enum query query, const struct sql_arg *args)
{
	must(sql_run(world->engine.db, query, args, NULL), "a query");
}

static void make_words(struct world *world)
{
	static const char *const syllables[] = {"ka",  "lo",  "mi", "ren", "ta", "vo",
						"shi", "der", "al", "in",  "po", "ste"};
	for (int i = 0; i < WORDS; i++) {
		char *word = world->words[i];
		size_t n = 0;
		/* The number in syllables, so that no two words are the same. */
		for (int rest = i + 12; rest > 0; rest /= 12) {
			const char *syllable = syllables[rest % 12];
			ensure(n + strlen(syllable) < WORD_SIZE);
			memcpy(word + n, syllable, strlen(syllable) + 1);
			n += strlen(syllable);
		}
	}
}

static int64_t make_id(struct world *world, int64_t at_ms)
{
	return id_next(&world->engine.ids, at_ms);
}

static void make_people(struct world *world)
{
	char name[32];
	for (int i = 0; i < world->people_count; i++) {
		int64_t id = world->people[i] = make_id(world, world->began_at_ms);
		(void)snprintf(name, sizeof(name), "person%d", i);
		run(world, QUERY_USER_INSERT,
		    SQL_ARGS(sql_id(id), sql_text(name), sql_text(NULL), sql_text(name), sql_text(NULL), sql_int(0)));
		run(world, QUERY_MEMBER_INSERT,
		    SQL_ARGS(sql_id(world->guild_id), sql_id(id), sql_int(world->began_at_ms)));
	}
}

static void join(struct world *world, int64_t channel_id, int64_t user_id)
{
	run(world, QUERY_CHANNEL_MEMBER_INSERT,
	    SQL_ARGS(sql_id(channel_id), sql_id(user_id), sql_int(world->began_at_ms)));
}

static int64_t make_channel(struct world *world, int position, const char *name)
{
	int64_t id = make_id(world, world->began_at_ms);
	run(world, QUERY_CHANNEL_INSERT,
	    SQL_ARGS(sql_id(id), sql_id(world->guild_id), sql_id(0), sql_id(0), sql_id(world->owner_id),
		     sql_int(CHANNEL_TYPE_TEXT), sql_text(name), sql_text(NULL), sql_int(position), sql_int(0),
		     sql_int(0)));
	join(world, id, world->owner_id);
	return id;
}

/* Who writes is in every channel; of the last two, one has ten people and one all. */
static void make_channels(struct world *world)
{
	char name[32];
	for (int i = 0; i < world->channel_count; i++) {
		(void)snprintf(name, sizeof(name), "channel-%d", i);
		world->channels[i] = make_channel(world, i + 1, name);
		for (int j = 0; j < world->author_count; j++)
			join(world, world->channels[i], world->people[j]);
	}
	int64_t few = world->channels[world->channel_count] = make_channel(world, world->channel_count + 1, "ten");
	int64_t all = world->channels[world->channel_count + 1] =
	    make_channel(world, world->channel_count + 2, "crowd");
	for (int j = 0; j < TEN - 1; j++)
		join(world, few, world->people[j]);
	for (int j = 0; j < world->people_count; j++)
		join(world, all, world->people[j]);
}

/* What a message is made of. */
struct draft {
	int64_t id, channel_id, author_id, mentioned_id, reply_to_id;
	char content[CONTENT_SIZE];
	size_t n;
};

static void put(struct draft *draft, const char *text)
{
	size_t n = strlen(text);
	if (draft->n + n + 1 >= CONTENT_SIZE)
		return;
	memcpy(draft->content + draft->n, text, n + 1);
	draft->n += n;
}

static void write_content(struct world *world, struct draft *draft)
{
	char text[64];
	int words = 3 + skewed(world, 18);
	if (draft->mentioned_id != 0) {
		(void)snprintf(text, sizeof(text), "<@%lld> ", (long long)draft->mentioned_id);
		put(draft, text);
	}
	for (int i = 0; i < words; i++) {
		put(draft, i > 0 ? " " : "");
		put(draft, world->words[skewed(world, WORDS)]);
	}
	if (below(world, 100) == 0) {
		(void)snprintf(text, sizeof(text), " https://example.org/%d", below(world, 100000));
		put(draft, text);
	}
}

static void insert(struct world *world, const struct draft *draft, int64_t parts)
{
	run(world, QUERY_MESSAGE_INSERT,
	    SQL_ARGS(sql_id(draft->id), sql_id(draft->channel_id), sql_id(draft->author_id),
		     sql_int(draft->reply_to_id != 0 ? MESSAGE_TYPE_REPLY : MESSAGE_TYPE_DEFAULT),
		     sql_text(draft->content), sql_text(NULL), sql_int(0), sql_int(parts), sql_id(draft->reply_to_id),
		     sql_id(0)));
}

static void react(struct world *world, const struct draft *draft)
{
	run(world, QUERY_REACTION_INSERT_KIND,
	    SQL_ARGS(sql_id(draft->id), sql_int(0), sql_int(0), sql_text("\xf0\x9f\x91\x8d")));
	run(world, QUERY_REACTION_INSERT,
	    SQL_ARGS(sql_id(draft->id), sql_int(0), sql_id(world->people[below(world, world->author_count)])));
}

/* The file itself is nowhere: its row is what history and search read. */
static void attach(struct world *world, const struct draft *draft)
{
	char hash[65];
	int64_t attachment_id = draft->id + 1; /* ids of messages are thousands apart */
	(void)snprintf(hash, sizeof(hash), "%064llx", (unsigned long long)next(world));
	run(world, QUERY_FILE_INSERT,
	    SQL_ARGS(sql_text(hash), sql_int(12345), sql_text("image/png"), sql_int(640), sql_int(480),
		     sql_int(world->began_at_ms)));
	run(world, QUERY_ATTACHMENT_INSERT,
	    SQL_ARGS(sql_id(attachment_id), sql_id(draft->id), sql_id(draft->channel_id), sql_id(draft->author_id),
		     sql_int(0), sql_text(hash), sql_int(12345), sql_text("picture.png"), sql_text(NULL), sql_int(0),
		     sql_text(NULL), sql_int(0)));
}

/* A thread of its own beside the channel that the message is in. */
static void begin_thread(struct world *world, const struct draft *draft, int64_t at_ms)
{
	int64_t id = make_id(world, at_ms);
	char name[32];
	(void)snprintf(name, sizeof(name), "thread %d", world->thread_count);
	run(world, QUERY_THREAD_INSERT_CHANNEL,
	    SQL_ARGS(sql_id(id), sql_id(world->guild_id), sql_id(draft->channel_id), sql_id(draft->author_id),
		     sql_int(11), sql_text(name), sql_int(0)));
	run(world, QUERY_THREAD_INSERT, SQL_ARGS(sql_id(id), sql_int(1440), sql_int(1), sql_int(at_ms)));
	world->threads[world->thread_count++ % (int)(sizeof(world->threads) / sizeof(world->threads[0]))] = id;
}

static void post(struct world *world, int channel, int64_t at_ms)
{
	bool is_member;
	struct draft draft = {.channel_id = world->channels[channel],
			      .author_id = world->people[skewed(world, world->author_count)]};
	bool has_reaction = below(world, 50) == 0, has_file = below(world, 100) == 0;
	int64_t *newest = &world->newest[channel];
	if (below(world, 33) == 0)
		draft.mentioned_id =
		    below(world, 20) == 0 ? world->owner_id : world->people[below(world, world->author_count)];
	if (below(world, 20) == 0)
		draft.reply_to_id = *newest;
	if (world->thread_count > 0 && below(world, 50) == 0) {
		int known = (int)(sizeof(world->threads) / sizeof(world->threads[0]));
		draft.channel_id =
		    world->threads[below(world, world->thread_count < known ? world->thread_count : known)];
		draft.reply_to_id = 0;
	}
	draft.id = make_id(world, at_ms);
	write_content(world, &draft);
	insert(world, &draft,
	       (draft.mentioned_id != 0 ? MESSAGE_HAS_MENTIONS : 0) | (has_reaction ? MESSAGE_HAS_REACTIONS : 0) |
		   (has_file ? MESSAGE_HAS_ATTACHMENTS : 0));
	if (draft.mentioned_id != 0)
		run(world, QUERY_MESSAGE_INSERT_MENTION,
		    SQL_ARGS(sql_id(draft.mentioned_id), sql_id(draft.channel_id), sql_id(draft.id),
			     sql_id(draft.author_id), sql_int(1)));
	if (has_reaction)
		react(world, &draft);
	if (has_file)
		attach(world, &draft);
	must(read_message_added(&world->apply, draft.channel_id, draft.id, draft.author_id, &is_member), "a count");
	must(search_enter(&world->apply, draft.id), "the index");
	if (draft.channel_id == world->channels[channel])
		*newest = draft.id;
	if (below(world, 1000) == 0)
		begin_thread(world, &draft, at_ms);
	arena_reset(&world->engine.arena);
}

static void begin(struct world *world)
{
	run(world, QUERY_TRANSACTION_BEGIN_WRITE, SQL_NO_ARGS);
}

static void commit(struct world *world)
{
	must(op_settle(&world->engine), "the index");
	run(world, QUERY_TRANSACTION_COMMIT, SQL_NO_ARGS);
	must(sql_checkpoint(world->engine.db, SQL_CHECKPOINT_RESTART, 1000), "a checkpoint");
}

/* Half of all is written in the busiest tenth of the channels. */
static void make_messages(struct world *world)
{
	int64_t span_ms = clock_now_ms() - world->began_at_ms - 60000;
	for (int i = 0; i < world->message_count; i++) {
		post(world, skewed(world, world->channel_count + 2),
		     world->began_at_ms + span_ms * i / world->message_count);
		if (i % A_TRANSACTION == A_TRANSACTION - 1) {
			commit(world);
			begin(world);
		}
	}
}

static void execute(struct world *world, const char *sql)
{
	ensure(sqlite3_exec(world->engine.db->connection, sql, NULL, NULL, NULL) == SQLITE_OK);
}

/* Indexes that are asked nothing meanwhile: made of all rows at once they take a fraction of the time. */
static struct late {
	const char *find, *drop;
	char *make;
} late[] = {
    {"SELECT sql FROM sqlite_schema WHERE name = 'messages_by_author'", "DROP INDEX messages_by_author", NULL},
    {"SELECT sql FROM sqlite_schema WHERE name = 'channel_members_by_read'", "DROP INDEX channel_members_by_read",
     NULL},
};

static void drop_indexes(struct world *world)
{
	for (size_t i = 0; i < sizeof(late) / sizeof(late[0]); i++) {
		sqlite3_stmt *stmt;
		ensure(sqlite3_prepare_v2(world->engine.db->connection, late[i].find, -1, &stmt, NULL) == SQLITE_OK);
		ensure(sqlite3_step(stmt) == SQLITE_ROW);
		late[i].make = strdup((const char *)sqlite3_column_text(stmt, 0));
		ensure(late[i].make != NULL && sqlite3_finalize(stmt) == SQLITE_OK);
		execute(world, late[i].drop);
	}
}

static void make_indexes(struct world *world)
{
	for (size_t i = 0; i < sizeof(late) / sizeof(late[0]); i++) {
		execute(world, late[i].make);
		free(late[i].make);
	}
}

/* As a server does between posts: what it serves from is not the many segments of a bulk load. */
static void merge(struct world *world)
{
	for (bool is_done = false; !is_done;) {
		begin(world);
		must(search_segments_merge(world->engine.db, 2000, &is_done), "merging the index");
		run(world, QUERY_TRANSACTION_COMMIT, SQL_NO_ARGS);
	}
}

static void open_world(struct world *world, char **argv)
{
	world->guild_id = strtoll(argv[2], NULL, 10);
	world->owner_id = strtoll(argv[3], NULL, 10);
	world->message_count = (int)strtol(argv[4], NULL, 10);
	world->channel_count = (int)strtol(argv[5], NULL, 10);
	world->people_count = (int)strtol(argv[6], NULL, 10);
	world->author_count = world->people_count < AUTHORS_MAX ? world->people_count : AUTHORS_MAX;
	ensure(world->message_count > 0 && world->channel_count > 0 && world->author_count > TEN);
	world->people = ensure_calloc((size_t)world->people_count, sizeof(*world->people));
	world->channels = ensure_calloc((size_t)world->channel_count + 2, sizeof(*world->channels));
	world->newest = ensure_calloc((size_t)world->channel_count + 2, sizeof(*world->newest));
	world->began_at_ms = clock_now_ms() - (int64_t)DAYS * 86400 * 1000;
	world->state = 20260801;
	config_init(&world->config);
	arena_init(&world->engine.arena);
	world->engine.config = &world->config;
	must(sql_open_writer(argv[1], &world->engine.db), argv[1]);
	/* What is lost here is made again: no waiting for the disk, and room for all of the indexes. */
	execute(world, "PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA foreign_keys = OFF");
	execute(world, "INSERT INTO search (search, rank) VALUES ('hashsize', 536870912)");
	world->apply = (struct apply){.db = world->engine.db,
				      .arena = &world->engine.arena,
				      .config = &world->config,
				      .ids = &world->engine.ids,
				      .last_seq = &world->engine.last_seq,
				      .search = &world->engine.search,
				      .now_ms = clock_now_ms()};
}

static void close_world(struct world *world)
{
	execute(world, "INSERT INTO search (search, rank) VALUES ('hashsize', 1048576)"); /* as it is by itself */
	must(sql_checkpoint(world->engine.db, SQL_CHECKPOINT_TRUNCATE, 1000), "a checkpoint");
	sql_close(world->engine.db);
	search_queue_free(&world->engine.search);
	arena_free(&world->engine.arena);
	config_free(&world->config);
	free(world->people);
	free(world->channels);
	free(world->newest);
}

static void tell(const struct world *world)
{
	(void)printf("{\"channels\":[");
	for (int i = 0; i < world->channel_count + 2; i++)
		(void)printf("%s\"%lld\"", i > 0 ? "," : "", (long long)world->channels[i]);
	(void)printf("],\"word\":\"%s\",\"rare_word\":\"%s\",\"author\":\"person0\"}\n", world->words[0],
		     world->words[WORDS / 20]);
}

int main(int argc, char **argv)
{
	static struct world world;
	if (argc != 7) {
		(void)fprintf(stderr, "usage: generate DATABASE GUILD OWNER MESSAGES CHANNELS PEOPLE\n");
		return 2;
	}
	open_world(&world, argv);
	make_words(&world);
	drop_indexes(&world);
	begin(&world);
	make_people(&world);
	make_channels(&world);
	make_messages(&world);
	commit(&world);
	merge(&world);
	make_indexes(&world);
	tell(&world);
	close_world(&world);
	return 0;
}
