/* Pictures in the database: kept once under the hash of their content, gone with their last user; nothing but WebP. */
#include "base/clock.h"
#include "crypto/secret.h"
#include "domain/picture/picture.h"
#include "front/picture.h"
#include "ops_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct ops ops;

static int open_set_up(void **state)
{
	(void)state;
	ops_setup(&ops);
	return 0;
}

static int close_database(void **state)
{
	(void)state;
	ops_close(&ops);
	return 0;
}

static struct apply as_apply(void)
{
	return (struct apply){
	    .db = ops.engine.db,
	    .arena = &ops.arena,
	    .config = &ops.config,
	    .ids = &ops.engine.ids,
	    .now_ms = clock_now_ms(),
	};
}

/* What passes for a WebP of n bytes, as an op brings it. */
static const char *text_of(char seed, size_t n)
{
	unsigned char *bytes = arena_alloc(&ops.arena, n);
	char *text = arena_alloc(&ops.arena, n * 4 / 3 + 5);
	memset(bytes, seed, n);
	memcpy(bytes, "RIFF....WEBPVP8 ", n < 16 ? n : 16);
	(void)base64url_encode(bytes, n, text);
	return text;
}

static enum err put(const char *text, char hash[CONTENT_HASH_SIZE])
{
	struct apply apply = as_apply();
	return picture_put(&apply, text, hash);
}

static void release(const char *hash)
{
	struct apply apply = as_apply();
	assert_int_equal(picture_release(&apply, hash), ERR_OK);
}

static bool is_kept(const char *hash)
{
	struct str content;
	enum err err = picture_find(ops.engine.db, &ops.arena, hash, &content);
	assert_true(err == ERR_OK || err == ERR_NOT_FOUND);
	return err == ERR_OK;
}

static void a_picture_is_found_by_the_hash_of_its_content(void **state)
{
	char hash[CONTENT_HASH_SIZE], again[CONTENT_HASH_SIZE], other[CONTENT_HASH_SIZE];
	struct str content;
	(void)state;
	assert_int_equal(put(text_of('a', 100), hash), ERR_OK);
	assert_int_equal(put(text_of('a', 100), again), ERR_OK);
	assert_int_equal(put(text_of('b', 100), other), ERR_OK);
	assert_int_equal(strlen(hash), 32);
	assert_int_equal(strspn(hash, "0123456789abcdef"), 32);
	assert_string_equal(hash, again);
	assert_string_not_equal(hash, other);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM pictures"), 2);
	assert_int_equal(picture_find(ops.engine.db, &ops.arena, hash, &content), ERR_OK);
	assert_int_equal(content.n, 100);
	assert_int_equal(content.p[99], 'a');
}

static void a_picture_stays_while_anybody_or_any_workspace_uses_it(void **state)
{
	char hash[CONTENT_HASH_SIZE];
	(void)state;
	assert_int_equal(put(text_of('a', 100), hash), ERR_OK);
	ops_sql(&ops, "UPDATE users SET avatar = '%s'", hash);
	ops_sql(&ops, "UPDATE guilds SET icon = '%s'", hash);
	release(hash);
	assert_true(is_kept(hash));
	ops_sql(&ops, "UPDATE users SET avatar = NULL");
	release(hash);
	assert_true(is_kept(hash));
	ops_sql(&ops, "UPDATE guilds SET icon = NULL");
	release(hash);
	assert_false(is_kept(hash));
	release(hash);
	release(NULL);
}

/* The front asks the worker; whoever speaks to the store without it gets nothing else in. */
static void only_webp_of_bounded_size_gets_in(void **state)
{
	char hash[CONTENT_HASH_SIZE];
	(void)state;
	assert_int_equal(put(text_of('a', PICTURE_MAX_BYTES), hash), ERR_OK);
	assert_int_equal(put(text_of('a', PICTURE_MAX_BYTES + 1), hash), ERR_BAD_PICTURE);
	assert_int_equal(put(text_of('a', 15), hash), ERR_BAD_PICTURE);
	assert_int_equal(put("", hash), ERR_BAD_PICTURE);
	assert_int_equal(put("@@@@", hash), ERR_BAD_PICTURE);
	assert_int_equal(put("PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4", hash), ERR_BAD_PICTURE);
}

static struct str uri(const char *text)
{
	return (struct str){text, strlen(text)};
}

static void a_data_uri_gives_its_bytes(void **state)
{
	static const char *const bad[] = {
	    "",      "data:image/png,abc", "data:image/png;base64", "data:image/png;base64,a", "image/png;base64,AAAA",
	    "data:", "data:;base64,A===",  "data:;base64,AA=A",     "data:;base64,AA==AA==",   "data:;base64,AA AA",
	    ",AAAA"};
	struct str bytes;
	(void)state;
	assert_int_equal(picture_from_data_uri(&ops.arena, uri("data:image/png;base64,AAEC"), &bytes), ERR_OK);
	assert_int_equal(bytes.n, 3);
	assert_memory_equal(bytes.p, "\0\1\2", 3);
	assert_int_equal(picture_from_data_uri(&ops.arena, uri("data:;base64,/+8="), &bytes), ERR_OK);
	assert_int_equal(bytes.n, 2);
	assert_int_equal(picture_from_data_uri(&ops.arena, uri("data:image/jpg;base64,/w=="), &bytes), ERR_OK);
	assert_int_equal(bytes.n, 1);
	assert_int_equal(picture_from_data_uri(&ops.arena, uri("data:image/jpg;base64,/w"), &bytes), ERR_OK);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (picture_from_data_uri(&ops.arena, uri(bad[i]), &bytes) != ERR_BAD_PICTURE)
			fail_msg("\"%s\" passes", bad[i]);
	struct str long_one = {"data:", (size_t)PICTURE_UPLOAD_MAX_BYTES * 2};
	assert_int_equal(picture_from_data_uri(&ops.arena, long_one, &bytes), ERR_TOO_LARGE);
}

/* BLAKE2b-128 of nothing and of "abc", by b2sum -l 128. */
static void content_has_the_name_that_other_programs_give_it(void **state)
{
	char hash[CONTENT_HASH_SIZE];
	(void)state;
	content_hash("", 0, hash);
	assert_string_equal(hash, "cae66941d9efbd404e4d88758ea67670");
	content_hash("abc", 3, hash);
	assert_string_equal(hash, "cf4ab791c62b8d2b2109c90275287816");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_set_up, close_database)
	static const struct CMUnitTest tests[] = {
	    TEST(a_picture_is_found_by_the_hash_of_its_content),
	    TEST(a_picture_stays_while_anybody_or_any_workspace_uses_it),
	    TEST(only_webp_of_bounded_size_gets_in),
	    TEST(a_data_uri_gives_its_bytes),
	    cmocka_unit_test(content_has_the_name_that_other_programs_give_it),
	};
#undef TEST
	return cmocka_run_group_tests(tests, NULL, NULL);
}
