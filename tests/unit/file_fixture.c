#include "file_fixture.h"

#include "base/ensure.h"
#include "crypto/stream_hash.h"
#include "domain/file/file.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct ops ops;
static unsigned serial;

int files_open(void **state)
{
	(void)state;
	ops_setup(&ops);
	ensure(chdir(ops.folder) == 0 && mkdir("files", 0700) == 0 && mkdir("files/incoming", 0700) == 0);
	return 0;
}

int files_close(void **state)
{
	(void)state;
	ensure(chdir("/") == 0);
	ops_close(&ops);
	return 0;
}

const char *files_token(void)
{
	return arena_printf(&ops.arena, "%032x", ++serial);
}

const char *files_hash_of(const char *content)
{
	struct stream_hash state;
	char *hash = arena_alloc(&ops.arena, STREAM_HASH_SIZE);
	stream_hash_begin(&state);
	stream_hash_add(&state, content, strlen(content));
	stream_hash_end(&state, hash);
	return hash;
}

const char *files_receive(const char *content)
{
	char path[FILE_PATH_SIZE];
	const char *token = files_token();
	file_incoming_path(token, path);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	ensure(fd >= 0 && write(fd, content, strlen(content)) == (ssize_t)strlen(content));
	(void)close(fd);
	return token;
}

json_t *files_item(const char *content, const char *name, const char *type)
{
	return json_pack("{s:s, s:s, s:I, s:s, s:s}", "incoming", files_receive(content), "hash",
			 files_hash_of(content), "size", (json_int_t)strlen(content), "type", type, "name", name);
}

json_t *files_post_of(json_t *files)
{
	char channel[ID_TEXT_SIZE];
	id_format(ops.general_id, channel);
	return json_pack("{s:s, s:o}", "channel_id", channel, "files", files);
}

int64_t files_post(const struct person *who, json_t *files)
{
	assert_op(&ops, who, "message_create", files_post_of(files), ERR_OK);
	return ops_result_id(&ops, "message", "id");
}

int64_t files_post_one(const struct person *who, const char *content)
{
	return files_post(who, json_pack("[o]", files_item(content, "a.txt", "text/plain")));
}

const json_t *files_attachment(size_t i)
{
	return json_array_get(json_object_get(json_object_get(ops.result, "message"), "attachments"), i);
}

void files_delete_message(int64_t id)
{
	assert_op(&ops, &ops.ada, "message_delete",
		  ops_json("{'channel_id':'%lld','message_id':'%lld'}", (long long)ops.general_id, (long long)id),
		  ERR_OK);
}

bool files_is_on_disk(const char *content)
{
	char path[FILE_PATH_SIZE];
	file_path(files_hash_of(content), path);
	return access(path, F_OK) == 0;
}

int64_t files_used_by(int64_t user_id)
{
	return ops_int(&ops, "SELECT coalesce((SELECT bytes FROM file_usage WHERE user_id = %lld), 0)",
		       (long long)user_id);
}

bool files_keep_house(void)
{
	struct apply apply = ops_apply(&ops);
	bool is_done;
	ops_sql(&ops, "BEGIN IMMEDIATE");
	ensure(file_keep_house(&apply, &is_done) == ERR_OK);
	ops_sql(&ops, "COMMIT");
	arena_reset(&ops.engine.arena);
	return is_done;
}

void files_keep_house_all(void)
{
	while (!files_keep_house())
		;
}

int64_t files_incoming_count(void)
{
	int64_t count = 0;
	for (unsigned i = 1; i <= serial; i++) {
		char path[FILE_PATH_SIZE];
		file_incoming_path(arena_printf(&ops.arena, "%032x", i), path);
		count += access(path, F_OK) == 0;
	}
	return count;
}
