/* An object's key is made of the file's hash and of the job's id: the same job, tried again, writes the same object;
 * and a file that was deleted and uploaded anew is another object, so that removing the old one never takes the new
 * one. */
#include "work/file_copies.h"

#include "base/pass.h"
#include "crypto/secret.h"
#include "domain/file/file.h"
#include "http/s3.h"
#include "work/s3_program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct child_limits limits = {
    .memory_bytes = INT64_C(512) * 1024 * 1024,
    .answer_bytes = S3_ANSWER_MAX_BYTES,
    .cpu_s = 10,
    .descriptors = 64,
    .wall_ms = S3_WALL_MS,
};

static const char *key_of(struct tasks *tasks, const struct task *task, const char *hash)
{
	return arena_printf(&tasks->arena, "%.2s/%s-%lld", hash, hash, (long long)task->job.id);
}

/* For a bucket that everybody reads, which serves what is said here: nothing of it is ever run by a browser. */
static const char *served_type(const char *type)
{
	switch (file_show_of(type)) {
	case FILE_DOWNLOAD:
		return "application/octet-stream";
	case FILE_TEXT:
		return "text/plain; charset=utf-8";
	default:
		return type;
	}
}

static int make_question(struct tasks *tasks, const char *method, const char *key, const char *type)
{
	const struct work_options *options = tasks->options;
	struct buf *text = buf_in_arena(&tasks->arena);
	struct s3 s3;
	struct jw jw;
	s3_read(options->config, &s3);
	jw_init(&jw, text);
	jw_object(&jw, NULL);
	jw_text(&jw, "method", method);
	jw_text(&jw, "url", s3_url(&tasks->arena, &s3, key));
	jw_text(&jw, "region", s3.region);
	jw_text(&jw, "access_key", s3.access_key);
	jw_text(&jw, "secret_key", options->s3_secret_key);
	if (type != NULL) {
		jw_text(&jw, "type", served_type(type));
		jw_text(&jw, "disposition", file_show_of(type) == FILE_DOWNLOAD ? "attachment" : "inline");
		jw_text(&jw, "encryption", config_text(options->config, CONFIG_S3_ENCRYPTION));
	}
	jw_object_end(&jw);
	int question = text->n <= S3_QUESTION_MAX_BYTES ? pass_memfd("snug-s3", text->p, text->n) : -1;
	secret_wipe(text->p, text->n);
	return question;
}

static bool start_child(struct tasks *tasks, struct task *task, int question, int file)
{
	bool is_started = question >= 0 && child_start_with_file(&task->child, tasks->options->s3_program, "snug-s3",
								 question, file, &limits);
	if (!is_started)
		task_fail(task, false, "the worker could not start snug-s3");
	if (question >= 0)
		(void)close(question);
	return is_started;
}

static bool is_on(struct tasks *tasks, struct task *task)
{
	struct s3 s3;
	s3_read(tasks->options->config, &s3);
	if (!s3_is_on(&s3))
		task_fail(task, true, "S3 is switched off: s3_endpoint is empty");
	return s3_is_on(&s3);
}

/* The type stands in the job since this program's reader of the database may be at an older state. */
static bool start_copy(struct tasks *tasks, struct task *task, const json_t *payload)
{
	const char *hash = json_text(payload, "hash"), *type = json_text(payload, "type");
	char path[FILE_PATH_SIZE];
	if (!is_on(tasks, task))
		return false;
	if (!file_hash_is_valid(hash) || type == NULL) {
		task_fail(task, true, "the job names no file");
		return false;
	}
	file_path(hash, path);
	int file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (file < 0) {
		task_fail(task, errno == ENOENT, errno == ENOENT ? "the file is not here any more" : strerror(errno));
		return false;
	}
	bool is_started = start_child(tasks, task, make_question(tasks, "PUT", key_of(tasks, task, hash), type), file);
	(void)close(file);
	return is_started;
}

static bool start_removal(struct tasks *tasks, struct task *task, const json_t *payload)
{
	const char *key = json_text(payload, "key");
	if (!is_on(tasks, task))
		return false;
	if (key == NULL) {
		task_fail(task, true, "the job names no object");
		return false;
	}
	return start_child(tasks, task, make_question(tasks, "DELETE", key, NULL), -1);
}

/* Why it failed, as the child wrote it: what is no printable ASCII becomes a question mark. */
static void read_failure(struct task *task)
{
	char why[sizeof(task->outcome.error)];
	ssize_t n = pread(task->child.answer, why, sizeof(why) - 1, 0);
	if (n <= 0) {
		task_fail(task, false,
			  task->child.is_killed ? "the S3 service took too long" : "snug-s3 ended without a word");
		return;
	}
	why[n] = '\0';
	why[strcspn(why, "\n")] = '\0';
	for (char *c = why; *c != '\0'; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	task_fail(task, false, why);
}

static void finish_copy(struct tasks *tasks, struct task *task, const json_t *payload, enum child_verdict verdict)
{
	const char *hash = json_text(payload, "hash");
	struct buf *input = buf_in_arena(&tasks->arena);
	struct jw jw;
	if (verdict != CHILD_DONE) {
		read_failure(task);
		return;
	}
	jw_init(&jw, input);
	jw_object(&jw, NULL);
	jw_text(&jw, "hash", hash);
	jw_text(&jw, "object", key_of(tasks, task, hash));
	jw_object_end(&jw);
	enum err err = task_submit(tasks, OP_file_stored, input);
	if (err != ERR_OK)
		task_fail(task, false, err_info(err)->text);
}

static void finish_removal(struct tasks *tasks, struct task *task, const json_t *payload, enum child_verdict verdict)
{
	(void)tasks;
	(void)payload;
	if (verdict != CHILD_DONE)
		read_failure(task);
}

const struct task_kind file_copy_tasks = {.name = JOB_KIND_FILE_COPY, .start = start_copy, .finish = finish_copy};
const struct task_kind file_remove_tasks = {
    .name = JOB_KIND_FILE_REMOVE, .start = start_removal, .finish = finish_removal};
