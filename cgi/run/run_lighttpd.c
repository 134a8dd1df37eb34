#include "run/run_lighttpd.h"

#include "base/buf.h"
#include "base/str.h"
#include "domain/file/file.h"
#include "http/headers.h"
#include "http/origin.h"
#include "http/status.h"
#include "run/run_refuse.h"
#include "tmpl/tmpl.h"
#include "json/jw.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	TEMPLATE_MAX = 64 * 1024,
	CERTIFICATE_MAX = 1024 * 1024,
};

/* Reads a file of at most size_max bytes. On failure the person has been told, and out is empty. */
static enum err read_file(const char *what, const char *path, size_t size_max, struct buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return run_refuse("%s%s cannot be read: %s", what, path, strerror(errno));
	buf_reserve(out, size_max);
	size_t n = 0;
	ssize_t more;
	while (n < size_max && (more = read(fd, out->p + n, size_max - n)) > 0)
		n += (size_t)more;
	close(fd);
	out->p[n] = '\0';
	out->n = n;
	return ERR_OK;
}

/* Renders share/conf/<name>.mustache with the JSON text of data. */
static enum err render(const char *share, const char *name, const struct buf *data, struct buf *out)
{
	char path[PATH_MAX];
	struct arena arena;
	struct buf source;
	struct tmpl *tmpl = NULL;
	struct tmpl_error error = {.why = ""};
	struct view *view = NULL;
	if (snprintf(path, sizeof path, "%s/conf/%s.mustache", share, name) >= (int)sizeof path)
		return run_refuse("%s: the path is too long", share);
	arena_init(&arena);
	buf_init(&source);
	enum err err = read_file("", path, TEMPLATE_MAX, &source);
	if (err == ERR_OK) {
		err = tmpl_parse(name, source.p, source.n, &tmpl, &error);
		if (err == ERR_OK)
			err = view_parse(&arena, data->p, data->n, &view);
		if (err == ERR_OK)
			err = tmpl_render_parsed(tmpl, NULL, view, TMPL_STRICT, out, &error);
		if (err != ERR_OK)
			err = run_refuse("%s, line %d: %s %s", path, error.line, error.tag, error.why);
	}
	tmpl_free(tmpl);
	buf_free(&source);
	arena_free(&arena);
	return err;
}

/* The proxies were checked to be addresses: nothing in them can end a quoted string. */
static void put_proxies(struct jw *jw, const struct config *values)
{
	struct str one, rest = str_from(config_text(values, CONFIG_TRUSTED_PROXIES));
	bool is_more = rest.n > 0;
	jw_flag(jw, "has_trusted_proxies", is_more);
	jw_array(jw, "trusted_proxies");
	while (is_more) {
		is_more = str_cut(rest, ',', &one, &rest);
		one = str_trim(one);
		jw_object(jw, NULL);
		jw_text_n(jw, "address", one.p, one.n);
		jw_object_end(jw);
	}
	jw_array_end(jw);
}

/* The rows of http/headers.def as lines of lighttpd's configuration: nothing in them needs escaping there. */
static void put_headers(struct jw *jw, const char *name, unsigned scopes)
{
	const struct header *header;
	jw_array(jw, name);
	for (size_t i = 0; (header = headers_next(scopes, &i)) != NULL;) {
		jw_object(jw, NULL);
		jw_text(jw, "name", header->name);
		jw_text(jw, "value", header->value);
		jw_object_end(jw);
	}
	jw_array_end(jw);
}

/* Whether browsers reach us by https, be it lighttpd or a proxy before it that speaks it. */
static unsigned scope_of_public_url(const struct run_config *config)
{
	struct origin origin;
	bool is_https = origin_parse(str_from(config->public_url), &origin) == ERR_OK && origin.is_https;
	return is_https ? HEADER_HTTPS : 0;
}

static enum err write_configuration(const char *share, const struct run_config *config, const struct run_limits *limits,
				    const char *version)
{
	struct buf data, text;
	struct jw jw;
	buf_init(&data);
	buf_init(&text);
	jw_init(&jw, &data);
	jw_object(&jw, NULL);
	jw_int(&jw, "max_fds", limits->max_fds);
	jw_int(&jw, "max_connections", limits->max_connections);
	jw_int(&jw, "upload_kb", file_body_max_bytes(&config->values) / 1024);
	jw_flag(&jw, "is_https", config->is_https);
	jw_text(&jw, "version", version);
	put_proxies(&jw, &config->values);
	unsigned https = scope_of_public_url(config);
	put_headers(&jw, "page_headers", HEADER_PAGE | HEADER_PRIVATE | https);
	put_headers(&jw, "data_headers", HEADER_DATA | HEADER_PRIVATE | https);
	put_headers(&jw, "file_headers", HEADER_FILE | https);
	put_headers(&jw, "worker_headers", HEADER_WORKER | https);
	jw_object_end(&jw);
	enum err err = render(share, "lighttpd.conf", &data, &text);
	if (err == ERR_OK)
		err = run_publish_file("run/lighttpd.conf", text.p, text.n);
	buf_free(&data);
	buf_free(&text);
	return err;
}

static enum err write_error(const char *share, const char *version, const struct status_row *row)
{
	char path[64], message[64];
	struct buf data, page;
	struct jw jw;
	buf_init(&data);
	buf_init(&page);

	if (row->code != 0)
		(void)snprintf(message, sizeof message, "%s", row->text);
	else
		(void)snprintf(message, sizeof message, "%d: %s", row->status, row->text);
	jw_init(&jw, &data);
	jw_object(&jw, NULL);
	jw_text(&jw, "message", message);
	jw_int(&jw, "code", row->code);
	jw_object_end(&jw);
	(void)snprintf(path, sizeof path, "run/errors/api-%d.html", row->status);
	enum err err = run_publish_file(path, data.p, data.n);

	buf_clear(&data);
	jw_init(&jw, &data);
	jw_object(&jw, NULL);
	jw_int(&jw, "status", row->status);
	jw_text(&jw, "text", row->text);
	jw_text(&jw, "version", version);
	jw_flag(&jw, "is_retryable", row->is_retryable);
	jw_object_end(&jw);
	(void)snprintf(path, sizeof path, "run/errors/page-%d.html", row->status);
	if (err == ERR_OK)
		err = render(share, "error.html", &data, &page);
	if (err == ERR_OK)
		err = run_publish_file(path, page.p, page.n);
	buf_free(&data);
	buf_free(&page);
	return err;
}

static void empty_folder(const char *path)
{
	DIR *folder = opendir(path);
	if (!folder)
		return;
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
		(void)unlinkat(dirfd(folder), entry->d_name, 0);
		(void)unlinkat(dirfd(folder), entry->d_name, AT_REMOVEDIR);
	}
	closedir(folder);
}

/* What lighttpd spooled or compressed for an earlier run is of no use. */
static enum err make_own_folder(const char *path, const struct run_owners *owners)
{
	struct stat folder;
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return run_refuse("%s cannot be made in the data folder: %s", path, strerror(errno));
	if (lstat(path, &folder) != 0 || !S_ISDIR(folder.st_mode))
		return run_refuse("%s in the data folder is no folder: remove it", path);
	empty_folder(path);
	if (owners->is_root && lchown(path, owners->uids[RUN_OWNER_LIGHTTPD], owners->gids[RUN_OWNER_LIGHTTPD]) != 0)
		return run_refuse("%s cannot be given to lighttpd's user: %s", path, strerror(errno));
	return ERR_OK;
}

enum err run_lighttpd_write(const char *share, const struct run_config *config, const struct run_limits *limits,
			    const struct run_owners *owners, const char *version)
{
	TRY(make_own_folder("run/upload", owners));
	TRY(make_own_folder("run/deflate", owners));
	if ((mkdir("run/errors", 0755) != 0 && errno != EEXIST) || chmod("run/errors", 0755) != 0)
		return run_refuse("run/errors cannot be made in the data folder: %s", strerror(errno));
	size_t count;
	const struct status_row *rows = status_rows(&count);
	for (size_t i = 0; i < count; i++)
		TRY(write_error(share, version, &rows[i]));
	return write_configuration(share, config, limits, version);
}

static enum err copy_to_memory(enum config_key key, const struct config *values, const char *marker, int *out)
{
	char what[64];
	const char *path = config_text(values, key);
	struct buf text;
	buf_init(&text);
	(void)snprintf(what, sizeof what, "%s: ", config_row(key)->name);
	enum err err = read_file(what, path, CERTIFICATE_MAX, &text);
	if (err == ERR_OK && !strstr(text.p, marker))
		err = run_refuse("%s%s is not in PEM form", what, path);
	int fd = err == ERR_OK ? memfd_create(config_row(key)->name, MFD_CLOEXEC) : -1;
	if (err == ERR_OK && (fd < 0 || write(fd, text.p, text.n) != (ssize_t)text.n)) {
		err = run_refuse("%smemory cannot be made: %s", what, strerror(errno));
		if (fd >= 0)
			close(fd);
	}
	if (text.p)
		explicit_bzero(text.p, text.cap);
	buf_free(&text);
	*out = err == ERR_OK ? fd : -1;
	return err;
}

enum err run_lighttpd_certificate(const struct run_config *config, int *certificate_fd, int *key_fd)
{
	*certificate_fd = -1;
	*key_fd = -1;
	if (!config->is_https)
		return ERR_OK;
	int certificate;
	TRY(copy_to_memory(CONFIG_TLS_CERTIFICATE, &config->values, "-----BEGIN CERTIFICATE-----", &certificate));
	enum err err = copy_to_memory(CONFIG_TLS_KEY, &config->values, "PRIVATE KEY-----", key_fd);
	if (err != ERR_OK) {
		close(certificate);
		return err;
	}
	*certificate_fd = certificate;
	return ERR_OK;
}
