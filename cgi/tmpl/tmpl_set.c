/* A folder of templates, each read and parsed once. A template that is missing or malformed is remembered as such, so
 * that a page that names it does not read the disk again for each request; one that could not be read just now is not.
 */
#include "tmpl/tmpl_node.h"

#include "base/ensure.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUCKETS = 64 }; /* a power of two */

struct entry {
	struct entry *next;
	char name[TMPL_NAME_MAX + 1];
	struct tmpl *tmpl; /* NULL: missing or malformed */
};

struct tmpl_set {
	char *directory;
	struct entry *buckets[BUCKETS];
	struct tmpl_error error;
	bool is_strict;
};

/* FNV-1a. Names come from our own templates and code, so nobody can choose them to collide. */
static size_t bucket_of(const char *name)
{
	uint32_t hash = 2166136261u;
	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return hash & (BUCKETS - 1);
}

/* No dots, no leading, doubled or trailing slash: a name can lead nowhere but into the folder. */
static bool is_name(const char *name)
{
	size_t n = strlen(name);
	if (n == 0 || n > TMPL_NAME_MAX || name[0] == '/' || name[n - 1] == '/' || strstr(name, "//"))
		return false;
	return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-/") == n;
}

static enum err fail(struct tmpl_set *set, enum err e, const char *name, const char *why)
{
	set->error = (struct tmpl_error){.why = why};
	snprintf(set->error.name, sizeof(set->error.name), "%.*s", TMPL_NAME_MAX, name);
	return e;
}

/* Reads a whole regular file of at most TMPL_SIZE_MAX bytes. ERR_NOT_FOUND when it is not there. */
static enum err read_file(struct tmpl_set *set, const char *name, struct buf *out)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/%s.mustache", set->directory, name);
	if (n < 0 || (size_t)n >= sizeof(path))
		return fail(set, ERR_NOT_FOUND, name, "the path is too long");
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT)
		return fail(set, ERR_NOT_FOUND, name, "there is no such template");
	if (fd < 0)
		return fail(set, ERR_INTERNAL, name, "the template cannot be opened");

	struct stat status;
	enum err e = ERR_OK;
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
		e = fail(set, ERR_INTERNAL, name, "the template is no regular file");
	while (e == ERR_OK) {
		/* One byte more than allowed is enough for the parser to refuse the file. */
		buf_reserve(out, 16384);
		ssize_t got = out->n > TMPL_SIZE_MAX ? 0 : read(fd, out->p + out->n, 16384);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			e = fail(set, ERR_INTERNAL, name, "the template cannot be read");
		if (got <= 0)
			break;
		out->n += (size_t)got;
		out->p[out->n] = '\0';
	}
	close(fd);
	return e;
}

static enum err load(struct tmpl_set *set, const char *name, struct tmpl **out)
{
	struct buf source;
	buf_init(&source);
	*out = NULL;
	enum err e = read_file(set, name, &source);
	if (e == ERR_OK)
		e = tmpl_parse(name, source.n ? source.p : "", source.n, out, &set->error);
	buf_free(&source);
	return e;
}

static void log_error(const char *event, const struct tmpl_error *error)
{
	log_event(LOG_ERROR, event, log_text("template", error->name), log_text("tag", error->tag),
		  log_number("line", error->line), log_text("why", error->why));
}

enum err tmpl_set_open(const char *directory, struct tmpl_set **out)
{
	struct stat status;
	*out = NULL;
	if (stat(directory, &status) != 0 || !S_ISDIR(status.st_mode))
		return ERR_NOT_FOUND;
	struct tmpl_set *set = ensure_calloc(1, sizeof(*set));
	set->directory = ensure_strdup(directory);
	*out = set;
	return ERR_OK;
}

void tmpl_set_close(struct tmpl_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < BUCKETS; i++) {
		while (set->buckets[i]) {
			struct entry *entry = set->buckets[i];
			set->buckets[i] = entry->next;
			tmpl_free(entry->tmpl);
			free(entry);
		}
	}
	free(set->directory);
	free(set);
}

void tmpl_set_be_strict(struct tmpl_set *set)
{
	set->is_strict = true;
}

struct tmpl *tmpl_set_find(struct tmpl_set *set, const char *name)
{
	struct entry **bucket = &set->buckets[bucket_of(name)];
	for (struct entry *entry = *bucket; entry; entry = entry->next) {
		if (strcmp(entry->name, name) == 0)
			return entry->tmpl;
	}
	struct tmpl *tmpl = NULL;
	enum err e =
	    is_name(name) ? load(set, name, &tmpl) : fail(set, ERR_BAD_REQUEST, name, "that is no template's name");
	if (e != ERR_OK)
		log_error("template_not_loaded", &set->error);
	if (e == ERR_INTERNAL || strlen(name) > TMPL_NAME_MAX)
		return NULL;
	struct entry *entry = ensure_calloc(1, sizeof(*entry));
	memcpy(entry->name, name, strlen(name) + 1);
	entry->tmpl = tmpl;
	entry->next = *bucket;
	*bucket = entry;
	return tmpl;
}

static struct tmpl *find_partial(void *owner, const char *name)
{
	return tmpl_set_find(owner, name);
}

enum err tmpl_render(struct tmpl_set *set, const char *name, const struct view *data, enum tmpl_mode mode,
		     struct buf *out)
{
	struct tmpl *tmpl = tmpl_set_find(set, name);
	if (!tmpl) {
		if (!set->error.why || strcmp(set->error.name, name) != 0)
			(void)fail(set, ERR_INTERNAL, name, "the template could not be loaded");
		return ERR_INTERNAL;
	}
	const struct tmpl_partials partials = {find_partial, set};
	if (set->is_strict)
		mode = TMPL_STRICT;
	enum err e = tmpl_render_parsed(tmpl, &partials, data, mode, out, &set->error);
	if (e != ERR_OK)
		log_error("template_not_rendered", &set->error);
	return e;
}

const struct tmpl_error *tmpl_set_error(const struct tmpl_set *set)
{
	return &set->error;
}
