/* Files on messages, straight at the store: what is kept, counted and taken from the disk, and what is refused whatever
 * the front has said. */
#include "base/ensure.h"
#include "domain/file/file.h"
#include "domain/perm.h"
#include "file_fixture.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void a_message_brings_its_files_and_they_are_kept_under_their_hash(void **state)
{
	(void)state;
	files_post(&ops.ada, json_pack("[o,o]", files_item("first", "one.txt", "text/plain"),
				       files_item("second!", "two.png", "image/png")));
	assert_string_equal(json_text(files_attachment(0), "filename"), "one.txt");
	assert_int_equal(json_int(files_attachment(0), "size"), 5);
	assert_string_equal(json_text(files_attachment(1), "content_type"), "image/png");
	assert_string_equal(json_text(files_attachment(1), "show"), "picture");
	assert_non_null(strstr(json_text(files_attachment(1), "url"), "/two.png"));
	assert_true(files_is_on_disk("first") && files_is_on_disk("second!"));
	assert_int_equal(files_incoming_count(), 0);
	assert_int_equal(files_used_by(0), 12);
	assert_int_equal(files_used_by(ops.ada.id), 12);
	/* Of the two the picture is looked at. */
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM jobs WHERE kind = 'picture'"), 1);
}

/* Whoever made a folder may have been killed before it was lighttpd's to enter: the next file finishes it. */
static void a_folder_that_was_left_half_made_is_finished(void **state)
{
	(void)state;
	char path[FILE_PATH_SIZE], folder[sizeof("files/ab")];
	struct stat info;
	file_path(files_hash_of("first"), path);
	(void)snprintf(folder, sizeof(folder), "%.*s", (int)sizeof(folder) - 1, path);
	ensure(mkdir(folder, 0700) == 0);
	files_post_one(&ops.ada, "first");
	assert_true(files_is_on_disk("first"));
	assert_int_equal(stat(folder, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0751);
}

static void the_same_content_is_kept_once_and_counted_for_everybody_who_posts_it(void **state)
{
	(void)state;
	struct person bob = ops_join(&ops, "bob");
	int64_t first = files_post_one(&ops.ada, "same"), second = files_post_one(&bob, "same");
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM files"), 1);
	assert_int_equal(files_used_by(0), 4);
	assert_int_equal(files_used_by(ops.ada.id), 4);
	assert_int_equal(files_used_by(bob.id), 4);
	files_delete_message(first);
	files_keep_house_all();
	assert_true(files_is_on_disk("same"));
	assert_int_equal(files_used_by(ops.ada.id), 0);
	files_delete_message(second);
	files_keep_house_all();
	assert_false(files_is_on_disk("same"));
	assert_int_equal(files_used_by(0), 0);
	assert_int_equal(files_used_by(bob.id), 0);
	assert_int_equal(
	    ops_int(&ops, "SELECT count(*) FROM files") + ops_int(&ops, "SELECT count(*) FROM file_removals"), 0);
}

static void a_file_that_comes_again_while_it_is_being_removed_stays(void **state)
{
	(void)state;
	files_delete_message(files_post_one(&ops.ada, "again"));
	assert_false(files_keep_house()); /* its row is gone, its bytes are not yet */
	assert_true(files_is_on_disk("again"));
	files_post_one(&ops.ada, "again");
	files_keep_house_all();
	assert_true(files_is_on_disk("again"));
	assert_int_equal(files_used_by(0), 5);
	/* And one whose removal has not begun. */
	files_delete_message(files_post_one(&ops.ada, "later"));
	files_post_one(&ops.ada, "later");
	files_keep_house_all();
	assert_true(files_is_on_disk("later"));
}

/* Tries one file with a member changed, and finds everything as it was. */
static void refuse(const char *name, json_t *value, enum err expected)
{
	json_t *file = files_item(arena_printf(&ops.arena, "content %s", files_token()), "a.txt", "text/plain");
	json_object_set_new(file, name, value);
	assert_op(&ops, &ops.ada, "message_create", files_post_of(json_pack("[o]", file)), expected);
	assert_int_equal(
	    ops_int(&ops, "SELECT count(*) FROM files") + ops_int(&ops, "SELECT count(*) FROM attachments"), 0);
}

static void what_the_front_would_never_write_is_refused(void **state)
{
	(void)state;
	refuse("incoming", json_string("../../snug.db"), ERR_BAD_REQUEST);
	refuse("incoming", json_string("ffffffffffffffffffffffffffffffff"), ERR_UPLOAD_LOST);
	refuse("hash", json_string("../../../../etc/passwd"), ERR_BAD_REQUEST);
	refuse("hash", json_string("ABCDEF"), ERR_BAD_REQUEST);
	refuse("size", json_integer(4), ERR_UPLOAD_LOST);
	refuse("size", json_integer(-1), ERR_BAD_REQUEST);
	refuse("name", json_string(""), ERR_BAD_REQUEST);
	refuse("name", json_string("../x"), ERR_BAD_REQUEST);
	refuse("name", json_string("a\\b"), ERR_BAD_REQUEST);
	refuse("name",
	       json_string("a\xe2\x80\xae"
			   "txt.exe"),
	       ERR_BAD_REQUEST);
	refuse("name", json_string(ops_repeat(&ops, "x", 256)), ERR_BAD_REQUEST);
	refuse("type", json_string("text/html\r\nX: y"), ERR_BAD_REQUEST);
	refuse("type", json_string("nothing"), ERR_BAD_REQUEST);
	refuse("description", json_string(ops_repeat(&ops, "x", 1025)), ERR_BAD_REQUEST);
	refuse("width", json_integer(1000000), ERR_BAD_REQUEST);
}

static void a_message_has_ten_files_at_most(void **state)
{
	(void)state;
	json_t *files = json_array();
	for (int i = 0; i < 11; i++)
		json_array_append_new(files, files_item(arena_printf(&ops.arena, "%d", i), "a.txt", "text/plain"));
	assert_op(&ops, &ops.ada, "message_create", files_post_of(files), ERR_TOO_MANY_FILES);
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM messages"), 0);
}

static void who_may_not_attach_files_does_not(void **state)
{
	(void)state;
	struct person bob = ops_join(&ops, "bob");
	ops_sql(&ops, "UPDATE roles SET permissions = permissions & ~%lld WHERE id = %lld",
		(long long)PERM_ATTACH_FILES, (long long)ops.guild_id);
	assert_op(&ops, &bob, "message_create", files_post_of(json_pack("[o]", files_item("x", "a.txt", "text/plain"))),
		  ERR_MISSING_PERMISSIONS);
	assert_false(files_is_on_disk("x"));
}

static void set(enum config_key key, const char *value)
{
	const char *why;
	ensure(config_set(&ops.config, key, value, &why) == ERR_OK);
}

static void what_the_configuration_refuses_is_not_kept(void **state)
{
	(void)state;
	set(CONFIG_REFUSED_TYPES, "application/x-dosexec, video/*");
	refuse("type", json_string("video/mp4"), ERR_FILE_TYPE);
	refuse("type", json_string("application/x-dosexec"), ERR_FILE_TYPE);
	set(CONFIG_REFUSED_TYPES, "");
	set(CONFIG_ALLOWED_TYPES, "image/*");
	refuse("type", json_string("text/plain"), ERR_FILE_TYPE);
	set(CONFIG_ALLOWED_TYPES, "");
	set(CONFIG_FILE_MAX_MB, "1");
	refuse("size", json_integer(1024 * 1024 + 1), ERR_TOO_LARGE);
}

static void room_is_what_the_quotas_leave(void **state)
{
	(void)state;
	struct person bob = ops_join(&ops, "bob");
	set(CONFIG_FILES_QUOTA_PERSON_MB, "1");
	ops_sql(&ops, "INSERT INTO file_usage VALUES (%lld, 1048570)", (long long)ops.ada.id);
	assert_op(&ops, &ops.ada, "message_create",
		  files_post_of(json_pack("[o]", files_item("seven!!", "a.txt", "text/plain"))), ERR_FILE_QUOTA);
	files_post(&ops.ada, json_pack("[o]", files_item("six!!!", "a.txt", "text/plain")));
	files_post_one(&bob, "it is hers that is full");
	set(CONFIG_FILES_QUOTA_MB, "1");
	ops_sql(&ops, "UPDATE file_usage SET bytes = 1048570 WHERE user_id = 0");
	assert_op(&ops, &bob, "message_create",
		  files_post_of(json_pack("[o]", files_item("seven!!", "a.txt", "text/plain"))), ERR_FILES_FULL);
	set(CONFIG_FILES_QUOTA_MB, "0");
	files_post_one(&bob, "without end");
}

static void an_edit_keeps_the_files_that_it_names(void **state)
{
	(void)state;
	int64_t id = files_post(&ops.ada, json_pack("[o,o]", files_item("one", "one.txt", "text/plain"),
						    files_item("two", "two.txt", "text/plain")));
	long long first = json_id(files_attachment(0), "id");
	char general[ID_TEXT_SIZE];
	id_format(ops.general_id, general);
	json_t *in = ops_json("{'channel_id':'%s','message_id':'%lld','content':'text','attachments':[{'id':'%lld','"
			      "description':'words'},{'id':0}]}",
			      general, (long long)id, first);
	json_object_set_new(in, "files", json_pack("[o]", files_item("three", "three.txt", "text/plain")));
	assert_op(&ops, &ops.ada, "message_update", in, ERR_OK);
	assert_string_equal(json_text(files_attachment(0), "filename"), "one.txt");
	assert_string_equal(json_text(files_attachment(0), "description"), "words");
	assert_string_equal(json_text(files_attachment(1), "filename"), "three.txt");
	assert_null(files_attachment(2));
	files_keep_house_all();
	assert_true(files_is_on_disk("one") && files_is_on_disk("three"));
	assert_false(files_is_on_disk("two"));
	/* What is no list takes none of them away. */
	assert_op(&ops, &ops.ada, "message_update",
		  ops_json("{'channel_id':'%s','message_id':'%lld','attachments':{'id':'1'}}", general, (long long)id),
		  ERR_INVALID_FORM);
	assert_op(&ops, &ops.ada, "message_update",
		  ops_json("{'channel_id':'%s','message_id':'%lld','attachments':null}", general, (long long)id),
		  ERR_OK);
	assert_non_null(files_attachment(1));
	/* Somebody else's attachment is none of this message's. */
	int64_t other = files_post_one(&ops.ada, "other");
	assert_op(&ops, &ops.ada, "message_update",
		  ops_json("{'channel_id':'%s','message_id':'%lld','content':'theirs','attachments':['%lld']}", general,
			   (long long)other, first),
		  ERR_OK);
	assert_null(files_attachment(0));
}

static void a_forward_keeps_the_file_of_what_is_deleted(void **state)
{
	(void)state;
	int64_t id = files_post_one(&ops.ada, "passed on");
	assert_op(
	    &ops, &ops.ada, "message_create",
	    ops_json("{'channel_id':'%lld','message_reference':{'type':1,'channel_id':'%lld','message_id':'%lld'}}",
		     (long long)ops.general_id, (long long)ops.general_id, (long long)id),
	    ERR_OK);
	int64_t forward = ops_result_id(&ops, "message", "id");
	files_delete_message(id);
	files_keep_house_all();
	assert_true(files_is_on_disk("passed on"));
	files_delete_message(forward);
	files_keep_house_all();
	assert_false(files_is_on_disk("passed on"));
}

static void a_retry_brings_no_second_file(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		json_t *in = files_post_of(json_pack("[o]", files_item("once", "a.txt", "text/plain")));
		json_object_set_new(in, "nonce", json_string("n"));
		assert_op(&ops, &ops.ada, "message_create", in, ERR_OK);
		assert_non_null(files_attachment(0));
	}
	assert_int_equal(ops_int(&ops, "SELECT count(*) FROM attachments"), 1);
}

static void touch_old(const char *path)
{
	const struct timespec old[] = {{1, 0}, {1, 0}};
	ensure(utimensat(AT_FDCWD, path, old, 0) == 0);
}

static void nothing_without_a_row_stays_for_long(void **state)
{
	(void)state;
	char path[FILE_PATH_SIZE];
	struct apply apply = ops_apply(&ops);
	files_post_one(&ops.ada, "known");
	const char *stray = "abababababababababababababababababababababababababababababababab";
	ensure(mkdir("files/ab", 0700) == 0);
	file_path(stray, path);
	ensure(close(open(path, O_WRONLY | O_CREAT, 0600)) == 0);
	files_receive("cut off");
	/* Its change time is now, whatever its other times say: by that it is young. */
	touch_old(path);
	assert_int_equal(file_collect(&apply, 0xab), ERR_OK);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(files_incoming_count(), 1);
	apply.now_ms += 2 * 3600 * 1000;
	for (int i = 0; i < 256; i++)
		assert_int_equal(file_collect(&apply, i), ERR_OK);
	assert_int_not_equal(access(path, F_OK), 0);
	assert_int_equal(files_incoming_count(), 0);
	assert_true(files_is_on_disk("known"));
}

/* The path of a file below files/ab, which this makes. */
static const char *make_file(int number)
{
	const char *path = arena_printf(&ops.arena, "files/ab/ab%062x", (unsigned)number);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fclose(file), 0);
	return path;
}

static void many_files_that_are_known_do_not_hide_those_that_are_not(void **state)
{
	enum { KNOWN = 150, UNKNOWN = 10 };
	const char *unknown[UNKNOWN];
	struct apply apply = ops_apply(&ops);

	(void)state;
	(void)mkdir("files/ab", 0700);
	for (int i = 0; i < KNOWN; i++) {
		(void)make_file(i);
		ops_sql(&ops,
			"INSERT INTO files (hash, size, type, created_at_ms) VALUES ('ab%062x', 0, 'text/plain', 1)",
			(unsigned)i);
	}
	for (int i = 0; i < UNKNOWN; i++)
		unknown[i] = make_file(KNOWN + i);
	apply.now_ms += 2 * 3600 * 1000;
	assert_int_equal(file_collect(&apply, 0xab), ERR_OK);
	for (int i = 0; i < UNKNOWN; i++)
		assert_int_not_equal(access(unknown[i], F_OK), 0);
	assert_int_equal(access(arena_printf(&ops.arena, "files/ab/ab%062x", 0U), F_OK), 0);
}

static void a_deleted_channel_takes_its_files_along(void **state)
{
	(void)state;
	int64_t room = ops_channel(&ops, &ops.ada, "room");
	json_t *in = files_post_of(json_pack("[o]", files_item("in the room", "a.txt", "text/plain")));
	char id[ID_TEXT_SIZE];
	id_format(room, id);
	json_object_set_new(in, "channel_id", json_string(id));
	assert_op(&ops, &ops.ada, "message_create", in, ERR_OK);
	struct file file;
	int64_t attachment_id = json_id(files_attachment(0), "id");
	assert_int_equal(file_find(ops.engine.db, &ops.arena, room, attachment_id, &file), ERR_OK);
	assert_int_equal(file_find(ops.engine.db, &ops.arena, ops.general_id, attachment_id, &file), ERR_NOT_FOUND);
	assert_op(&ops, &ops.ada, "channel_delete", ops_json("{'channel_id':'%s'}", id), ERR_OK);
	/* At once, though the rows go by and by. */
	assert_int_equal(file_find(ops.engine.db, &ops.arena, room, attachment_id, &file), ERR_NOT_FOUND);
	ops_sql(&ops, "DELETE FROM messages WHERE channel_id = %lld", (long long)room);
	files_keep_house_all();
	assert_false(files_is_on_disk("in the room"));
	assert_int_equal(files_used_by(ops.ada.id), 0);
}

static void a_voice_message_is_one_recording(void **state)
{
	(void)state;
	static const struct {
		const char *type, *waveform;
		int duration_ms;
		enum err expected;
	} rows[] = {
	    {"audio/ogg", "AAAA", 1500, ERR_OK},
	    {"video/webm", "AAAA", 1500, ERR_OK},
	    {"image/png", "AAAA", 1500, ERR_BAD_VOICE_MESSAGE},
	    {"audio/ogg", NULL, 1500, ERR_BAD_VOICE_MESSAGE},
	    {"audio/ogg", "AAAA", 0, ERR_BAD_VOICE_MESSAGE},
	    {"audio/ogg", "AAAA", 300001, ERR_BAD_VOICE_MESSAGE},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *file = files_item(arena_printf(&ops.arena, "sound %zu", i), "v.ogg", rows[i].type);
		if (rows[i].waveform != NULL)
			json_object_set_new(file, "waveform", json_string(rows[i].waveform));
		json_object_set_new(file, "duration_ms", json_integer(rows[i].duration_ms));
		json_t *in = files_post_of(json_pack("[o]", file));
		json_object_set_new(in, "flags", json_integer(1 << 13));
		assert_op(&ops, &ops.ada, "message_create", in, rows[i].expected);
		if (rows[i].expected != ERR_OK)
			continue;
		assert_int_equal(json_int(json_object_get(ops.result, "message"), "flags"), 1 << 13);
		assert_string_equal(json_text(files_attachment(0), "show"), "audio");
		assert_float_equal(json_real_value(json_object_get(files_attachment(0), "duration_secs")), 1.5, 0.0001);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, files_open, files_close)
	const struct CMUnitTest tests[] = {
	    TEST(a_message_brings_its_files_and_they_are_kept_under_their_hash),
	    TEST(a_folder_that_was_left_half_made_is_finished),
	    TEST(the_same_content_is_kept_once_and_counted_for_everybody_who_posts_it),
	    TEST(a_file_that_comes_again_while_it_is_being_removed_stays),
	    TEST(what_the_front_would_never_write_is_refused),
	    TEST(a_message_has_ten_files_at_most),
	    TEST(who_may_not_attach_files_does_not),
	    TEST(what_the_configuration_refuses_is_not_kept),
	    TEST(room_is_what_the_quotas_leave),
	    TEST(an_edit_keeps_the_files_that_it_names),
	    TEST(a_forward_keeps_the_file_of_what_is_deleted),
	    TEST(a_retry_brings_no_second_file),
	    TEST(nothing_without_a_row_stays_for_long),
	    TEST(many_files_that_are_known_do_not_hide_those_that_are_not),
	    TEST(a_deleted_channel_takes_its_files_along),
	    TEST(a_voice_message_is_one_recording),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
