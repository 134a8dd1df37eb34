/* Doing it twice has one effect: the file is named by its content, and the store takes the first thumbnail. A picture
 * that kills its child, or that no decoder can read, has none, and its job is dead at the first try. */
#include "work/thumbnails.h"

#include "domain/file/file.h"
#include "front/incoming.h"
#include "work/picture_program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HEAD_MAX_BYTES = 64 };

/* As work/picture_service.c's for pictures, with a larger answer. */
static const struct child_limits limits = {
    .memory_bytes = INT64_C(384) * 1024 * 1024,
    .answer_bytes = FILE_THUMBNAIL_MAX_BYTES + HEAD_MAX_BYTES,
    .cpu_s = 8,
    .descriptors = 8,
    .wall_ms = 15000,
};

static bool start(struct tasks *tasks, struct task *task, const json_t *payload)
{
	const char *hash = json_text(payload, "hash");
	char path[FILE_PATH_SIZE];
	if (!file_hash_is_valid(hash)) {
		task_fail(task, true, "the job names no file");
		return false;
	}
	file_path(hash, path);
	int file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (file < 0) {
		/* Deleted meanwhile, or sent away to S3 before its turn came. */
		task_fail(task, true, errno == ENOENT ? "the file is not here any more" : strerror(errno));
		return false;
	}
	bool is_started = child_start(&task->child, tasks->options->picture_program, "snug-picture", PICTURE_THUMBNAIL,
				      file, &limits);
	if (!is_started)
		task_fail(task, false, "the worker could not start snug-picture");
	(void)close(file);
	return is_started;
}

struct found {
	long width, height, is_animated;
};

/* Takes the first line off; what follows is the thumbnail. */
static bool read_head(int answer, struct found *out, off_t *content_at)
{
	char head[HEAD_MAX_BYTES + 1], *at;
	ssize_t n = pread(answer, head, HEAD_MAX_BYTES, 0);
	if (n <= 0)
		return false;
	head[n] = '\0';
	char *end = memchr(head, '\n', (size_t)n);
	if (end == NULL)
		return false;
	*content_at = end - head + 1;
	out->width = strtol(head, &at, 10);
	out->height = strtol(at, &at, 10);
	out->is_animated = strtol(at, &at, 10);
	return at == end && out->width > 0 && out->height > 0;
}

static enum err copy_thumbnail(int answer, off_t at, struct incoming *to)
{
	char bytes[16 * 1024];
	ssize_t n;
	while ((n = pread(answer, bytes, sizeof(bytes), at)) > 0) {
		TRY(incoming_write(to, bytes, (size_t)n));
		at += n;
	}
	return n == 0 ? incoming_finish(to) : ERR_INTERNAL;
}

static enum err tell(struct tasks *tasks, const char *hash, const struct found *found, const char *token)
{
	struct buf *input = buf_in_arena(&tasks->arena);
	struct jw jw;
	jw_init(&jw, input);
	jw_object(&jw, NULL);
	jw_text(&jw, "hash", hash);
	jw_int(&jw, "width", found->width);
	jw_int(&jw, "height", found->height);
	jw_flag(&jw, "is_animated", found->is_animated != 0);
	jw_text(&jw, "incoming", token);
	jw_object_end(&jw);
	return task_submit(tasks, OP_file_picture, input);
}

static enum err take(struct tasks *tasks, const char *hash, int answer)
{
	struct incoming incoming;
	struct found found;
	off_t content_at;
	if (!read_head(answer, &found, &content_at))
		return ERR_INTERNAL;
	TRY(incoming_open(&incoming));
	enum err err = copy_thumbnail(answer, content_at, &incoming);
	if (err == ERR_OK)
		err = tell(tasks, hash, &found, incoming.token);
	incoming_drop(&incoming);
	return err;
}

static void finish(struct tasks *tasks, struct task *task, const json_t *payload, enum child_verdict verdict)
{
	if (verdict != CHILD_DONE) {
		task_fail(task, true,
			  verdict == CHILD_TOO_LARGE ? "the picture is too large" : "the picture cannot be read");
		return;
	}
	enum err err = take(tasks, json_text(payload, "hash"), task->child.answer);
	if (err != ERR_OK)
		task_fail(task, false, err_info(err)->text);
}

const struct task_kind thumbnail_tasks = {.name = JOB_KIND_PICTURE, .start = start, .finish = finish};
