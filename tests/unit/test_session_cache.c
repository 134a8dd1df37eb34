/* Sessions that a process keeps for a moment: they are forgotten with the first change, and after a second in any case.
 */
#include "base/shared.h"
#include "front/session_cache.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { NOW_MS = 1000000 };

static struct ops ops;
static struct session_cache cache;
static struct session found;
static int memory_fd;
static int64_t time_ms;

static int64_t clock_of_test(void)
{
	return time_ms;
}

static void open_anew(int fd)
{
	cache = (struct session_cache){0};
	session_cache_open(&cache, fd);
	cache.clock_ms = clock_of_test;
}

static int set_up(void **state)
{
	(void)state;
	ops_open(&ops);
	memory_fd = shared_create("test");
	assert_int_equal(session_changes_watch(ops.engine.db, memory_fd), ERR_OK);
	open_anew(shared_open_reader(memory_fd));
	time_ms = 5000;
	session_cache_note(&cache);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	ops_close(&ops);
	close(cache.changes.fd);
	close(memory_fd);
	return 0;
}

/* As the store does, with a transaction that touches an account. */
static void change(void)
{
	static int count;

	ops_sql(&ops, "INSERT INTO users (id, username) VALUES (%d, 'user%d')", 1000 + count, count);
	count++;
}

static struct session_key digest_key(int64_t number)
{
	unsigned char digest[DIGEST_BYTES];

	secret_digest((const char *)&number, sizeof number, digest);
	return session_key_of_digest(digest);
}

static void keep(const struct session_key *key, int64_t id, int64_t expires_at_ms)
{
	const struct session session = {
	    .id = id, .user_id = id + 1, .kind = SESSION_TOKEN, .expires_at_ms = expires_at_ms, .last_used_at_ms = 3};

	session_cache_keep(&cache, key, &session);
}

static bool find(const struct session_key *key)
{
	memset(&found, 0, sizeof found);
	return session_cache_find(&cache, key, NOW_MS, &found);
}

static void what_was_kept_is_found_by_its_own_key_alone(void **state)
{
	struct session_key key = session_key_of_ids(17, 18), other_user = session_key_of_ids(17, 19),
			   other_session = session_key_of_ids(16, 18), swapped = session_key_of_ids(18, 17);
	struct session_key as_digest = session_key_of_digest(key.bytes), token = digest_key(1), near = digest_key(1);

	(void)state;
	near.bytes[DIGEST_BYTES - 1] ^= 1;
	assert_false(find(&key));
	keep(&key, 17, 0);
	assert_true(find(&key));
	assert_true(found.id == 17 && found.user_id == 18 && found.kind == SESSION_TOKEN && found.last_used_at_ms == 3);
	assert_false(find(&other_user) || find(&other_session) || find(&swapped) || find(&as_digest));
	keep(&token, 20, 0);
	assert_true(find(&token) && found.id == 20);
	assert_false(find(&near));
}

static void nothing_outlives_a_change(void **state)
{
	struct session_key key = digest_key(1);

	(void)state;
	keep(&key, 1, 0);
	assert_true(find(&key));
	change();
	assert_false(find(&key));
	session_cache_note(&cache);
	assert_false(find(&key));
	keep(&key, 1, 0);
	assert_true(find(&key));
}

/* A transaction that began before the change may still have seen the session. */
static void what_was_read_while_it_changed_is_not_relied_on(void **state)
{
	struct session_key key = digest_key(1);

	(void)state;
	session_cache_note(&cache);
	change();
	keep(&key, 1, 0);
	assert_false(find(&key));
	session_cache_note(&cache);
	assert_false(find(&key));
}

static void nothing_is_kept_for_longer_than_a_second(void **state)
{
	struct session_key key = digest_key(1);

	(void)state;
	time_ms += 300; /* since it was noted: reading took that long, and counts */
	keep(&key, 1, 0);
	time_ms += SESSION_CACHE_KEEP_MS - 301;
	assert_true(find(&key));
	session_cache_note(&cache); /* another request, which finds it here and reads nothing */
	time_ms++;
	assert_false(find(&key));
	session_cache_note(&cache);
	keep(&key, 1, 0);
	assert_true(find(&key));
}

static void no_session_outlives_its_expiry(void **state)
{
	struct session_key key = digest_key(1);

	(void)state;
	keep(&key, 1, NOW_MS + 1);
	assert_true(find(&key));
	assert_false(session_cache_find(&cache, &key, NOW_MS + 1, &found));
	assert_true(find(&key));
	keep(&key, 1, NOW_MS);
	assert_false(find(&key));
	keep(&key, 1, 0);
	assert_true(session_cache_find(&cache, &key, INT64_MAX, &found));
}

static void where_it_is_full_something_is_forgotten_and_nothing_confused(void **state)
{
	enum { MANY = 5000 };
	int count = 0;

	(void)state;
	for (int64_t i = 1; i <= MANY; i++) {
		struct session_key key = i % 2 == 0 ? digest_key(i) : session_key_of_ids(i << 22, 7);

		keep(&key, i, 0);
		assert_true(find(&key));
		assert_true(found.id == i);
	}
	for (int64_t i = 1; i <= MANY; i++) {
		struct session_key key = i % 2 == 0 ? digest_key(i) : session_key_of_ids(i << 22, 7);

		if (find(&key)) {
			assert_true(found.id == i);
			count++;
		}
	}
	/* All places are used, so that as many sessions as there are places are hardly ever read twice. */
	assert_int_equal(count, SESSION_CACHE_SETS * SESSION_CACHE_WAYS);
}

static void a_team_fits_in(void **state)
{
	enum { TEAM = 60 };
	int count = 0;

	(void)state;
	for (int64_t i = 1; i <= TEAM; i++) {
		struct session_key key = session_key_of_ids((1234567 + i * 97) << 22 | i % 4, (1234567 + i * 53) << 22);
		keep(&key, i, 0);
	}
	for (int64_t i = 1; i <= TEAM; i++) {
		struct session_key key = session_key_of_ids((1234567 + i * 97) << 22 | i % 4, (1234567 + i * 53) << 22);
		count += find(&key);
	}
	assert_true(count >= TEAM - 2);
}

/* Where the last one was put. */
static const struct session_entry *place_of(const struct session_cache *in, int64_t id, size_t *set)
{
	for (size_t i = 0; i < SESSION_CACHE_SETS * SESSION_CACHE_WAYS; i++) {
		*set = i / SESSION_CACHE_WAYS;
		if (in->sets[*set][i % SESSION_CACHE_WAYS].session.id == id)
			return &in->sets[*set][i % SESSION_CACHE_WAYS];
	}
	return NULL;
}

static void the_one_that_was_read_longest_ago_makes_room(void **state)
{
	static struct session_cache before;
	size_t set;

	(void)state;
	for (int64_t i = 1; i <= 3000; i++) {
		struct session_key key = session_key_of_ids(i << 22, i);

		before = cache;
		time_ms++;
		session_cache_note(&cache);
		keep(&key, i, 0);
		const struct session_entry *place = place_of(&cache, i, &set);
		assert_non_null(place);
		int64_t replaced_at_ms = before.sets[set][place - cache.sets[set]].read_at_ms;
		for (size_t way = 0; way < SESSION_CACHE_WAYS; way++)
			assert_true(replaced_at_ms <= before.sets[set][way].read_at_ms);
	}
}

static void without_the_stores_memory_nothing_is_kept(void **state)
{
	struct session_key key = digest_key(1);
	struct session_cache *none = NULL;
	int fd = shared_create("test");

	(void)state;
	session_cache_note(none);
	session_cache_keep(none, &key, &found);
	assert_false(session_cache_find(none, &key, NOW_MS, &found));

	open_anew(-1);
	session_cache_note(&cache);
	keep(&key, 1, 0);
	assert_false(find(&key));

	int reader_fd = shared_open_reader(fd);
	open_anew(reader_fd); /* memory that no store has used yet */
	session_cache_note(&cache);
	keep(&key, 1, 0);
	assert_false(find(&key));
	ops_close_database(&ops);
	assert_int_equal(sql_open_writer(ops.path, &ops.engine.db), ERR_OK);
	assert_int_equal(session_changes_watch(ops.engine.db, fd), ERR_OK);
	assert_false(find(&key));
	keep(&key, 1, 0);
	assert_false(find(&key)); /* the number was not known when it was read */
	session_cache_note(&cache);
	keep(&key, 1, 0);
	assert_true(find(&key));
	close(fd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_was_kept_is_found_by_its_own_key_alone),
	    TEST(nothing_outlives_a_change),
	    TEST(what_was_read_while_it_changed_is_not_relied_on),
	    TEST(nothing_is_kept_for_longer_than_a_second),
	    TEST(no_session_outlives_its_expiry),
	    TEST(where_it_is_full_something_is_forgotten_and_nothing_confused),
	    TEST(a_team_fits_in),
	    TEST(the_one_that_was_read_longest_ago_makes_room),
	    TEST(without_the_stores_memory_nothing_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
