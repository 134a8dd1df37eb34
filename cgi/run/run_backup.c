/* snug backup FILE: a copy of the database as of one moment. While Snug runs the store makes it, and no writing waits;
 * else it is made here, with the data folder locked. The copy is checked, on disk, and put in place by a rename. */
#include "run/run_client.h"
#include "run/run_command.h"
#include "run/run_refuse.h"
#include "sql/sql_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGES_A_STEP = 1000, EXIT_USAGE = 2 };

struct target {
	char path[PATH_MAX];      /* absolute */
	char temporary[PATH_MAX]; /* beside it */
};

/* Where the person stood counts, so this comes before the data folder is entered. */
static enum err target_find(const char *file, struct target *out)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(file, '/');
	const char *name = slash ? slash + 1 : file;
	int n = snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - file + 1) : 1, slash ? file : ".");
	char *whole = n < (int)sizeof folder ? realpath(folder, NULL) : NULL;
	if (!whole || !name[0])
		return run_refuse("%s: %s", file, whole ? "names a folder" : strerror(errno));
	n = snprintf(out->path, sizeof out->path, "%s/%s", whole, name);
	int m = snprintf(out->temporary, sizeof out->temporary, "%s/%s.new", whole, name);
	free(whole);
	return n < (int)sizeof out->path && m < (int)sizeof out->temporary
		   ? ERR_OK
		   : run_refuse("%s: the path is too long", file);
}

static enum err copy_file(const char *from, const char *to)
{
	struct stat file;
	int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	int out = in >= 0 ? open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
	bool is_good = out >= 0 && fstat(in, &file) == 0 && S_ISREG(file.st_mode);
	off_t done = 0;
	while (is_good && done < file.st_size)
		is_good = sendfile(out, in, &done, (size_t)(file.st_size - done)) > 0;
	is_good = is_good && fsync(out) == 0;
	enum err err = is_good ? ERR_OK : run_refuse("%s cannot be copied to %s: %s", from, to, strerror(errno));
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return err;
}

/* The store's reply names a file of its own folder; anything else is not believed. */
static enum err copy_by_store(struct run_client *client, const struct target *target)
{
	struct op_reply reply;
	struct buf *input = buf_in_arena(&client->arena);
	json_t *result;
	buf_puts(input, "{}");
	TRY(run_client_submit(client, OP_backup, 0, input, &reply));
	enum err err = json_parse_own(&client->arena, reply.result.p, reply.result.n, &result);
	const char *path = err == ERR_OK ? json_text(result, "path") : NULL;
	if (!path || strncmp(path, "backups/", 8) != 0 || strchr(path + 8, '/') || path[8] == '.')
		return run_refuse("the store did not say where the backup is");
	err = copy_file(path, target->temporary);
	(void)unlink(path);
	return err;
}

static enum err copy_alone(struct run_client *client, const struct target *target)
{
	struct sql_backup *backup = NULL;
	bool is_done = false;
	TRY(run_data_lock(&client->data));
	TRY(run_client_read(client));
	enum err err = sql_backup_open(client->db, target->temporary, &backup);
	while (err == ERR_OK && !is_done)
		err = sql_backup_step(backup, PAGES_A_STEP, &is_done);
	sql_backup_free(backup);
	return err == ERR_OK
		   ? ERR_OK
		   : run_refuse("the database cannot be copied to %s: %s", target->temporary, err_info(err)->text);
}

static void remove_side_files(const char *path)
{
	static const char *const ends[] = {"-wal", "-shm", "-journal"};
	char side[PATH_MAX + 16];
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		(void)snprintf(side, sizeof side, "%s%s", path, ends[i]);
		(void)unlink(side);
	}
}

static enum err check(const char *path)
{
	struct sql *copy;
	bool is_sound = false;
	enum err err = sql_open_writer(path, &copy);
	if (err == ERR_OK) {
		err = sql_check_integrity(copy, &is_sound);
		sql_close(copy);
	}
	remove_side_files(path);
	return err == ERR_OK && is_sound ? ERR_OK
					 : run_refuse("the copy is not sound: the database needs a look (snug check)");
}

static enum err put_in_place(const struct target *target)
{
	char folder[PATH_MAX];
	(void)snprintf(folder, sizeof folder, "%s", target->path);
	*strrchr(folder, '/') = '\0';
	int file = open(target->temporary, O_RDONLY | O_CLOEXEC);
	int parent = open(folder[0] ? folder : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool is_good = file >= 0 && parent >= 0 && fchmod(file, 0600) == 0 && fsync(file) == 0 &&
		       rename(target->temporary, target->path) == 0 && fsync(parent) == 0;
	enum err err = is_good ? ERR_OK : run_refuse("%s: %s", target->path, strerror(errno));
	if (file >= 0)
		close(file);
	if (parent >= 0)
		close(parent);
	return err;
}

static enum err backup(struct run_client *client, const struct target *target)
{
	(void)unlink(target->temporary);
	enum err err = run_data_is_locked() ? copy_by_store(client, target) : copy_alone(client, target);
	if (err == ERR_OK)
		err = check(target->temporary);
	if (err == ERR_OK)
		err = put_in_place(target);
	if (err != ERR_OK) {
		(void)unlink(target->temporary);
		remove_side_files(target->temporary);
	}
	return err;
}

int run_backup(int argc, char **argv)
{
	struct run_options options;
	struct run_client client;
	struct target target;
	if (run_options_read(argc, argv, &options) != ERR_OK || options.rest_count != 1) {
		(void)run_refuse("usage: snug backup FILE");
		return EXIT_USAGE;
	}
	if (target_find(options.rest[0], &target) != ERR_OK)
		return EXIT_FAILURE;
	enum err err = run_client_open(&client, argc, argv);
	if (err == ERR_OK)
		err = backup(&client, &target);
	run_client_close(&client);
	return err == ERR_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
