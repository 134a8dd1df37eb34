/* Regular files and folders only; names that begin with a dot, and links, are passed over. */
#include "run/run_publish.h"

#include "base/buf.h"
#include "crypto/secret.h"
#include "run/run_refuse.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH_MAX = 8, FILE_SIZE_MAX = 16 * 1024 * 1024, TREE_SIZE_MAX = 64 * 1024 * 1024 };

#define HIGHLIGHT_PATH "/usr/share/javascript/highlight.js/highlight.min.js"

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static enum err refuse(const char *path)
{
	return run_refuse("%s: %s", path, strerror(errno));
}

/* In the order of names, so that a hash of it all depends on nothing else. -1 on failure. */
static int list(const char *folder, struct dirent ***out)
{
	return scandir(folder, out, is_visible, alphasort);
}

static void list_free(struct dirent **entries, int n)
{
	for (int i = 0; i < n; i++)
		free(entries[i]);
	free(entries);
}

static enum err read_file(const char *path, struct buf *out)
{
	struct stat file;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || fstat(fd, &file) != 0) {
		if (fd >= 0)
			close(fd);
		return refuse(path);
	}
	enum err err =
	    file.st_size > FILE_SIZE_MAX ? run_refuse("%s has more than %d bytes", path, FILE_SIZE_MAX) : ERR_OK;
	size_t size = err == ERR_OK ? (size_t)file.st_size : 0;
	buf_clear(out);
	buf_reserve(out, size);
	while (out->n < size) {
		ssize_t n = read(fd, out->p + out->n, size - out->n);
		if (n <= 0)
			break;
		out->n += (size_t)n;
	}
	if (err == ERR_OK && out->n < size)
		err = refuse(path);
	close(fd);
	return err;
}

enum err run_publish_file(const char *path, const char *text, unsigned long n)
{
	(void)unlink(path);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	bool is_good = fd >= 0 && fchmod(fd, 0644) == 0;
	while (is_good && n > 0) {
		ssize_t written = write(fd, text, n);
		is_good = written > 0;
		if (is_good) {
			text += written;
			n -= (unsigned long)written;
		}
	}
	enum err err = is_good ? ERR_OK : refuse(path);
	if (fd >= 0)
		close(fd);
	return err;
}

static enum err remove_tree(const char *path, int depth)
{
	struct dirent **entries;
	char inner[PATH_MAX];
	if (depth > DEPTH_MAX)
		return run_refuse("%s lies too deep", path);
	if (unlink(path) == 0 || errno == ENOENT)
		return ERR_OK;
	int n = list(path, &entries);
	enum err err = ERR_OK;
	for (int i = 0; i < n && err == ERR_OK; i++)
		if (snprintf(inner, sizeof inner, "%s/%s", path, entries[i]->d_name) < (int)sizeof inner)
			err = remove_tree(inner, depth + 1);
	if (n >= 0)
		list_free(entries, n);
	if (err == ERR_OK && rmdir(path) != 0)
		return refuse(path);
	return err;
}

/* Copies the folder and appends name, size and content of each file to all. */
static enum err copy_tree(const char *from, const char *to, struct buf *all, int depth)
{
	struct dirent **entries;
	char source[PATH_MAX], target[PATH_MAX];
	struct stat file;
	struct buf content;
	if (depth > DEPTH_MAX)
		return run_refuse("%s lies too deep", from);
	if (mkdir(to, 0755) != 0 || chmod(to, 0755) != 0)
		return refuse(to);
	int n = list(from, &entries);
	if (n < 0)
		return refuse(from);
	buf_init(&content);
	enum err err = ERR_OK;
	for (int i = 0; i < n && err == ERR_OK; i++) {
		const char *name = entries[i]->d_name;
		if (snprintf(source, sizeof source, "%s/%s", from, name) >= (int)sizeof source ||
		    snprintf(target, sizeof target, "%s/%s", to, name) >= (int)sizeof target)
			err = run_refuse("%s: the path is too long", from);
		else if (lstat(source, &file) != 0)
			err = refuse(source);
		else if (S_ISDIR(file.st_mode))
			err = copy_tree(source, target, all, depth + 1);
		else if (S_ISREG(file.st_mode) && (err = read_file(source, &content)) == ERR_OK) {
			err = run_publish_file(target, content.p ? content.p : "", content.n);
			buf_printf(all, "%s %zu\n", name, content.n);
			buf_put(all, content.p ? content.p : "", content.n);
			if (all->n > TREE_SIZE_MAX)
				err = run_refuse("%s holds more than %d bytes", from, TREE_SIZE_MAX);
		}
	}
	buf_free(&content);
	list_free(entries, n);
	return err;
}

static enum err add_file(const char *source, const char *folder, const char *name, struct buf *all)
{
	char target[PATH_MAX];
	struct buf content;
	if (access(source, R_OK) != 0)
		return ERR_OK;
	(void)snprintf(target, sizeof target, "%s/%s", folder, name);
	buf_init(&content);
	enum err err = read_file(source, &content);
	if (err == ERR_OK)
		err = run_publish_file(target, content.p, content.n);
	buf_put(all, content.p ? content.p : "", content.n);
	buf_free(&content);
	return err;
}

/* What others make stands in no tree of ours: Debian's highlight.js, and the emoji of a build. Pages do without what is
 * not there. */
static enum err add_vendor(const char *share, const char *folder, struct buf *all)
{
	char vendor[PATH_MAX], emoji[PATH_MAX];
	if (snprintf(vendor, sizeof vendor, "%s/vendor", folder) >= (int)sizeof vendor ||
	    snprintf(emoji, sizeof emoji, "%s/build/gen/emoji.json", share) >= (int)sizeof emoji)
		return run_refuse("%s: the path is too long", share);
	if (mkdir(vendor, 0755) != 0 || chmod(vendor, 0755) != 0)
		return refuse(vendor);
	TRY(add_file(HIGHLIGHT_PATH, vendor, "highlight.js", all));
	return add_file(emoji, vendor, "emoji.json", all);
}

/* The tree is made beside the old one and takes its place by a rename. */
static enum err replace_tree(const char *share, const char *name, const char *folder, char version[RUN_VERSION_SIZE])
{
	char source[PATH_MAX], fresh[64];
	unsigned char digest[DIGEST_BYTES];
	struct buf all;
	if (snprintf(source, sizeof source, "%s/%s", share, name) >= (int)sizeof source)
		return run_refuse("%s: the path is too long", share);
	(void)snprintf(fresh, sizeof fresh, "%s.new", folder);
	TRY(remove_tree(fresh, 0));
	buf_init(&all);
	enum err err = copy_tree(source, fresh, &all, 0);
	if (err == ERR_OK && strcmp(name, "static") == 0)
		err = add_vendor(share, fresh, &all);
	if (err == ERR_OK)
		secret_digest(all.p ? all.p : "", all.n, digest);
	buf_free(&all);
	TRY(err);
	for (size_t i = 0; i < (RUN_VERSION_SIZE - 1) / 2; i++)
		(void)snprintf(version + 2 * i, 3, "%02x", digest[i]);
	return remove_tree(folder, 0);
}

enum err run_publish(const char *share, char version[RUN_VERSION_SIZE])
{
	char ignored[RUN_VERSION_SIZE], target[64];
	TRY(replace_tree(share, "templates", "run/templates", ignored));
	if (rename("run/templates.new", "run/templates") != 0)
		return refuse("run/templates");
	TRY(replace_tree(share, "static", "run/static", version));
	(void)snprintf(target, sizeof target, "run/static/%s", version);
	if (mkdir("run/static", 0755) != 0 || chmod("run/static", 0755) != 0 || rename("run/static.new", target) != 0)
		return refuse(target);
	return ERR_OK;
}
