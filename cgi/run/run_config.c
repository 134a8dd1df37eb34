#include "run/run_config.h"

#include "base/buf.h"
#include "base/str.h"
#include "http/cors.h"
#include "http/origin.h"
#include "run/run_data.h"
#include "run/run_refuse.h"
#include "text/mime.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CONFIG_FILE_MAX = 64 * 1024, HTTP_PORT = 80, HTTPS_PORT = 443 };

static const char default_file[] = "snug.conf";

/* A file that a person named: any owner will do. */
static enum err read_named(const char *path, struct buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return run_refuse("%s cannot be read: %s", path, strerror(errno));
	buf_reserve(out, CONFIG_FILE_MAX + 1);
	ssize_t n = 0, more;
	while ((more = read(fd, out->p + n, (size_t)(CONFIG_FILE_MAX + 1 - n))) > 0)
		n += more;
	int error = errno;
	close(fd);
	out->n = (size_t)n;
	if (more < 0)
		return run_refuse("%s cannot be read: %s", path, strerror(error));
	return n <= CONFIG_FILE_MAX ? ERR_OK : run_refuse("%s has more than %d bytes", path, CONFIG_FILE_MAX);
}

static enum err parse_file(const char *path, struct config *values)
{
	struct buf text;
	buf_init(&text);
	enum err err = path ? read_named(path, &text) : run_data_read(default_file, CONFIG_FILE_MAX, &text);
	int line;
	const char *why;
	if (err == ERR_NOT_FOUND)
		err = ERR_OK;
	else if (err == ERR_OK && config_parse(values, text.p ? text.p : "", text.n, &line, &why) != ERR_OK)
		err = run_refuse("%s, line %d: %s", path ? path : default_file, line, why);
	buf_free(&text);
	return err;
}

/* An origin and nothing behind it: paths are made by appending to it. */
static enum err check_public_url(const struct config *values)
{
	struct str url = str_from(config_text(values, CONFIG_PUBLIC_URL));
	struct origin origin;
	if (url.n > 0 && url.p[url.n - 1] == '/')
		url.n--;
	if (url.n > 0 && origin_parse_header(url, &origin) != ERR_OK)
		return run_refuse("public_url: \"%s\" is not of the form https://chat.example.org", url.p);
	return ERR_OK;
}

static enum err check_cors_origins(const struct config *values)
{
	struct cors cors;
	struct str bad;
	const char *why;
	if (cors_parse(config_text(values, CONFIG_CORS_ORIGINS), &cors, &bad, &why) != ERR_OK)
		return run_refuse("cors_origins: \"%.*s\" %s", (int)bad.n, bad.p, why);
	return ERR_OK;
}

static enum err check_trusted_proxies(const struct config *values)
{
	struct str one, rest = str_from(config_text(values, CONFIG_TRUSTED_PROXIES));
	bool is_more = rest.n > 0;
	while (is_more) {
		is_more = str_cut(rest, ',', &one, &rest);
		one = str_trim(one);
		if (!run_address_is_network(one.p, one.n))
			return run_refuse(
			    "trusted_proxies: \"%.*s\" is neither an address nor a network such as 10.0.0.0/8",
			    (int)one.n, one.p);
	}
	return ERR_OK;
}

static enum err check_readable(const struct config *values, enum config_key key)
{
	const char *path = config_text(values, key);
	struct stat file;
	if (path[0] != '/')
		return run_refuse("%s: \"%s\" must be a whole path", config_row(key)->name, path);
	if (stat(path, &file) != 0 || access(path, R_OK) != 0)
		return run_refuse("%s: %s cannot be read: %s", config_row(key)->name, path, strerror(errno));
	return S_ISREG(file.st_mode) ? ERR_OK : run_refuse("%s: %s is not a file", config_row(key)->name, path);
}

/* "smtp://host" or "smtps://host:port". A name and password in it would be shown with it. */
static bool is_mail_server(const char *url)
{
	static const char *const schemes[] = {"smtp://", "smtps://"};
	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
		struct origin origin;
		char as_http[512];
		size_t n = strlen(schemes[i]);
		if (strncmp(url, schemes[i], n) != 0)
			continue;
		int written = snprintf(as_http, sizeof as_http, "http://%s", url + n);
		return written > 0 && written < (int)sizeof as_http &&
		       origin_parse_header(str_from(as_http), &origin) == ERR_OK;
	}
	return false;
}

static enum err check_mail(const struct config *values)
{
	const char *url = config_text(values, CONFIG_SMTP_URL);
	const char *from = config_text(values, CONFIG_MAIL_FROM);
	if (url[0] != '\0' && !is_mail_server(url))
		return run_refuse(
		    "smtp_url is not of the form smtp://mail.example.org:587 or smtps://mail.example.org");
	if (from[0] != '\0' && !mime_is_address(from))
		return run_refuse("mail_from: \"%s\" is no address such as chat@example.org", from);
	if (config_text(values, CONFIG_SMTP_PASSWORD)[0] != '\0' && config_text(values, CONFIG_SMTP_USER)[0] == '\0')
		return run_refuse("smtp_password is set and smtp_user is not");
	return config_text(values, CONFIG_SMTP_CA)[0] != '\0' ? check_readable(values, CONFIG_SMTP_CA) : ERR_OK;
}

/* The address of a service, without a slash at its end, since keys are put behind one. */
static enum err check_service(const struct config *values, enum config_key key)
{
	const char *url = config_text(values, key);
	struct origin origin;
	size_t n = strlen(url);
	bool is_http = strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0;
	size_t host_n = is_http ? strcspn(strstr(url, "://") + 3, "/") : 0;
	char host[256];
	if (!is_http || n >= sizeof host || url[n - 1] == '/' || strpbrk(url, " ?#@\"'\\;") != NULL)
		return run_refuse("%s: \"%s\" is not of the form https://s3.example.org", config_row(key)->name, url);
	(void)snprintf(host, sizeof host, "%.*s", (int)((size_t)(strstr(url, "://") + 3 - url) + host_n), url);
	return origin_parse_header(str_from(host), &origin) == ERR_OK
		   ? ERR_OK
		   : run_refuse("%s: \"%s\" names no server", config_row(key)->name, url);
}

static bool is_of(const char *text, const char *letters)
{
	return text[0] != '\0' && strspn(text, letters) == strlen(text);
}

static enum err check_s3(const struct config *values)
{
	static const char name_letters[] = "abcdefghijklmnopqrstuvwxyz0123456789.-";
	static const enum config_key needed[] = {CONFIG_S3_BUCKET, CONFIG_S3_ACCESS_KEY, CONFIG_S3_SECRET_KEY};
	if (config_text(values, CONFIG_FILES_PUBLIC_URL)[0] != '\0')
		TRY(check_service(values, CONFIG_FILES_PUBLIC_URL));
	if (config_text(values, CONFIG_S3_ENDPOINT)[0] == '\0')
		return ERR_OK;
	TRY(check_service(values, CONFIG_S3_ENDPOINT));
	for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
		if (config_text(values, needed[i])[0] == '\0')
			return run_refuse("s3_endpoint is set and %s is not", config_row(needed[i])->name);
	if (!is_of(config_text(values, CONFIG_S3_BUCKET), name_letters) ||
	    !is_of(config_text(values, CONFIG_S3_REGION), name_letters))
		return run_refuse("s3_bucket and s3_region are of small letters, digits, dots and dashes");
	return ERR_OK;
}

static enum err check_together(const struct config *values)
{
	TRY(check_public_url(values));
	TRY(check_cors_origins(values));
	TRY(check_trusted_proxies(values));
	TRY(check_mail(values));
	TRY(check_s3(values));
	bool has_certificate = config_text(values, CONFIG_TLS_CERTIFICATE)[0];
	bool has_key = config_text(values, CONFIG_TLS_KEY)[0];
	if (has_certificate != has_key)
		return run_refuse("tls_certificate and tls_key: one of the two is missing");
	if (has_certificate) {
		TRY(check_readable(values, CONFIG_TLS_CERTIFICATE));
		TRY(check_readable(values, CONFIG_TLS_KEY));
	}
	if (config_int(values, CONFIG_POOL_MIN) > config_int(values, CONFIG_POOL_MAX))
		return run_refuse("pool_min is above pool_max");
	return ERR_OK;
}

void run_config_listens(struct run_config *config, const struct run_address *bound)
{
	config->listen = *bound;
	const char *set = config_text(&config->values, CONFIG_PUBLIC_URL);
	char address[RUN_ADDRESS_TEXT_SIZE];
	run_address_format(bound, config->is_https ? HTTPS_PORT : HTTP_PORT, address);
	if (set[0])
		(void)snprintf(config->public_url, sizeof config->public_url, "%s", set);
	else
		(void)snprintf(config->public_url, sizeof config->public_url, "http%s://%s",
			       config->is_https ? "s" : "", address);
	size_t n = strlen(config->public_url);
	if (n > 0 && config->public_url[n - 1] == '/')
		config->public_url[n - 1] = '\0';
	/* Behind a proxy the listen address is loopback and the public URL is not. */
	struct origin origin;
	config->needs_code = !run_address_is_loopback(bound) ||
			     origin_parse(str_from(config->public_url), &origin) != ERR_OK ||
			     !origin_is_loopback(&origin);
}

enum err run_config_load(const char *config_file, const char *listen, struct run_config *out)
{
	memset(out, 0, sizeof *out);
	struct run_address address;
	if (run_address_parse(listen, &address) != ERR_OK)
		return run_refuse("--listen \"%s\" is not of the form 127.0.0.1:8080, [::1]:8080 or *:80", listen);
	config_init(&out->values);
	extern char **environ;
	const char *key, *why;
	enum err err = parse_file(config_file, &out->values);
	if (err == ERR_OK && config_from_environment(&out->values, environ, &key, &why) != ERR_OK)
		err = run_refuse("%s in the environment %s", key, why);
	if (err == ERR_OK)
		err = check_together(&out->values);
	if (err != ERR_OK) {
		config_free(&out->values);
		return err;
	}
	out->is_https = config_text(&out->values, CONFIG_TLS_CERTIFICATE)[0];
	run_config_listens(out, &address);
	return ERR_OK;
}

void run_config_free(struct run_config *config)
{
	config_free(&config->values);
}

void run_config_link(const struct run_config *config, char *out, size_t size)
{
	struct run_address own;
	char address[RUN_ADDRESS_TEXT_SIZE];
	bool is_set = config_text(&config->values, CONFIG_PUBLIC_URL)[0];
	if (is_set || !run_address_is_unspecified(&config->listen) || !run_address_find_own(&config->listen, &own)) {
		(void)snprintf(out, size, "%s", config->public_url);
		return;
	}
	run_address_format(&own, config->is_https ? HTTPS_PORT : HTTP_PORT, address);
	(void)snprintf(out, size, "http%s://%s", config->is_https ? "s" : "", address);
}
