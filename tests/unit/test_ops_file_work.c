/* What the worker makes of files on messages: thumbnails, and copies in S3. */
#include "base/ensure.h"
#include "domain/file/file.h"
#include "file_fixture.h"
#include "store/group.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const struct person worker = {0, 0, OP_ROLE_WORKER};

static int64_t updates_after(int64_t seq)
{
	return ops_int(&ops, "SELECT count(*) FROM events WHERE seq > %lld AND type = 'MESSAGE_UPDATE'",
		       (long long)seq);
}

static void what_the_worker_found_is_taken_once_and_told(void **state)
{
	(void)state;
	static const char webp[] = "RIFF\x1a\0\0\0WEBPVP8 anything";
	char path[FILE_PATH_SIZE];
	files_post(&ops.ada, json_pack("[o]", files_item("pixels", "p.png", "image/png")));
	int64_t seq = ops.engine.last_seq;
	for (int i = 0; i < 2; i++) {
		const char *token = files_token();
		file_incoming_path(token, path);
		FILE *file = fopen(path, "w");
		ensure(file != NULL && fwrite(webp, 1, sizeof(webp) - 1, file) == sizeof(webp) - 1 &&
		       fclose(file) == 0);
		assert_op(&ops, &worker, "file_picture",
			  ops_json("{'hash':'%s','width':30,'height':20,'is_animated':true,'incoming':'%s'}",
				   files_hash_of("pixels"), token),
			  ERR_OK);
		assert_int_equal(updates_after(seq), 1);
	}
	assert_int_equal(files_incoming_count(), 0);
	assert_int_equal(files_used_by(0), 6 + (int)sizeof(webp) - 1);
	file_thumbnail_path(files_hash_of("pixels"), path);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(ops_int(&ops, "SELECT width * 1000 + height + is_animated FROM files"), 30021);
	files_delete_message(ops_int(&ops, "SELECT id FROM messages"));
	files_keep_house_all();
	assert_int_not_equal(access(path, F_OK), 0);
	assert_int_equal(files_used_by(0), 0);
}

/* A group begins again where an op fails that had written, and what is on the disk by then is not undone. */
static void a_thumbnail_is_taken_also_where_its_group_begins_again(void **state)
{
	(void)state;
	static struct group group;
	static const char webp[] = "RIFF\x1a\0\0\0WEBPVP8 anything";
	char path[FILE_PATH_SIZE];
	files_post(&ops.ada, json_pack("[o]", files_item("pixels", "p.png", "image/png")));
	const char *token = files_token();
	file_incoming_path(token, path);
	FILE *file = fopen(path, "w");
	ensure(file != NULL && fwrite(webp, 1, sizeof(webp) - 1, file) == sizeof(webp) - 1 && fclose(file) == 0);
	struct group_item *picture = group_add(&group), *late = group_add(&group);
	picture->role = OP_ROLE_WORKER;
	buf_printf(&picture->request,
		   "{\"op\":\"file_picture\",\"in\":{\"hash\":\"%s\",\"width\":30,\"height\":20,\"incoming\":\"%s\"}}",
		   files_hash_of("pixels"), token);
	late->role = ops.ada.role;
	buf_printf(&late->request,
		   "{\"op\":\"message_create\",\"actor\":\"%lld\",\"session\":\"%lld\",\"in\":{\"channel_id\":\"%lld\","
		   "\"also_in_channel\":true,\"content\":\"late\"}}",
		   (long long)ops.ada.id, (long long)ops.ada.session_id, (long long)ops.general_id);
	group_commit(&group, &ops.engine);
	assert_true(group.is_guarded);
	assert_non_null(strstr(picture->reply.p, "\"OK\""));
	assert_int_equal(ops_int(&ops, "SELECT thumbnail_size FROM files"), (int)sizeof(webp) - 1);
	for (int i = 0; i < group.count; i++) {
		buf_free(&group.items[i].request);
		buf_free(&group.items[i].reply);
	}
}

/* A message that nobody can be told of any more does not cost the others the thumbnail. */
static void a_picture_in_a_deleted_channel_gets_its_thumbnail_all_the_same(void **state)
{
	(void)state;
	int64_t shown = files_post(&ops.ada, json_pack("[o]", files_item("pixels", "p.png", "image/png")));
	int64_t room = ops_channel(&ops, &ops.ada, "room"), general = ops.general_id;
	ops.general_id = room;
	(void)files_post(&ops.ada, json_pack("[o]", files_item("pixels", "p.png", "image/png")));
	ops.general_id = general;
	assert_op(&ops, &ops.ada, "channel_delete", json_pack("{s:I}", "channel_id", (json_int_t)room), ERR_OK);
	int64_t seq = ops.engine.last_seq;
	assert_op(&ops, &worker, "file_picture",
		  ops_json("{'hash':'%s','width':30,'height':20}", files_hash_of("pixels")), ERR_OK);
	assert_int_equal(updates_after(seq), 1);
	assert_int_equal(ops_int(&ops, "SELECT message_id FROM events WHERE type = 'MESSAGE_UPDATE'"), shown);
	assert_int_equal(ops_int(&ops, "SELECT width FROM files"), 30);
}

static void what_is_no_picture_becomes_no_thumbnail(void **state)
{
	(void)state;
	files_post(&ops.ada, json_pack("[o]", files_item("pixels", "p.png", "image/png")));
	assert_op(&ops, &worker, "file_picture",
		  ops_json("{'hash':'%s','width':30,'height':20,'incoming':'%s'}", files_hash_of("pixels"),
			   files_receive("<script>alert(1)</script>")),
		  ERR_UPLOAD_LOST);
	assert_op(&ops, &worker, "file_picture", ops_json("{'hash':'../x','width':1,'height':1}"), ERR_BAD_REQUEST);
	/* The file was deleted meanwhile. */
	assert_op(&ops, &worker, "file_picture",
		  ops_json("{'hash':'%s','width':1,'height':1,'incoming':'%s'}", files_hash_of("gone"),
			   files_receive("thumbnail")),
		  ERR_OK);
}

static void a_copy_in_s3_replaces_the_file_and_goes_with_it(void **state)
{
	(void)state;
	int64_t id = files_post_one(&ops.ada, "far");
	for (int i = 0; i < 2; i++)
		assert_op(&ops, &worker, "file_stored",
			  ops_json("{'hash':'%s','object':'fa/r-1'}", files_hash_of("far")), ERR_OK);
	files_keep_house_all();
	assert_true(files_is_on_disk("far")); /* a download may be on its way */
	ops_sql(&ops, "UPDATE files SET object_at_ms = 0");
	files_keep_house_all();
	assert_false(files_is_on_disk("far"));
	/* Uploaded again it needs no second copy. */
	files_post_one(&ops.ada, "far");
	assert_false(files_is_on_disk("far"));
	assert_int_equal(files_incoming_count(), 0);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM jobs WHERE kind = 'file_remove'"), 0);
	files_delete_message(id);
	files_delete_message(ops_int(&ops, "SELECT max(id) FROM messages"));
	files_keep_house_all();
	assert_string_equal(ops_text(&ops, "SELECT payload FROM jobs WHERE kind = 'file_remove'"),
			    "{\"key\":\"fa/r-1\"}");
	/* One that is copied after it was deleted. */
	assert_op(&ops, &worker, "file_stored", ops_json("{'hash':'%s','object':'fa/r-2'}", files_hash_of("far")),
		  ERR_OK);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM jobs WHERE kind = 'file_remove'"), 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, files_open, files_close)
	const struct CMUnitTest tests[] = {
	    TEST(what_the_worker_found_is_taken_once_and_told),
	    TEST(a_thumbnail_is_taken_also_where_its_group_begins_again),
	    TEST(a_picture_in_a_deleted_channel_gets_its_thumbnail_all_the_same),
	    TEST(what_is_no_picture_becomes_no_thumbnail),
	    TEST(a_copy_in_s3_replaces_the_file_and_goes_with_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
