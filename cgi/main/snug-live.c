/* snug-live: everything that stays open. Runs in the data folder; its listening socket was bound by snug run. */
#include "base/config.h"
#include "base/inherit.h"
#include "base/log.h"
#include "crypto/secret.h"
#include "front/secrets.h"
#include "live/live.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum log_level log_level_of(const struct config *config)
{
	static const char *const names[] = {
	    [LOG_DEBUG] = "debug", [LOG_INFO] = "info", [LOG_WARN] = "warn", [LOG_ERROR] = "error"};
	const char *name = config_text(config, CONFIG_LOG_LEVEL);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], name) == 0)
			return (enum log_level)i;
	return LOG_INFO;
}

static enum err read_secrets(struct live_options *options)
{
	struct secrets secrets;
	int fd = inherit_descriptor("SECRETS");
	if (fd < 0)
		return ERR_INTERNAL;
	TRY(secrets_read(fd, &secrets));
	options->keys = secrets.jwt;
	file_url_key(&secrets.csrf, &options->urls.key);
	secret_wipe(&secrets, sizeof(secrets));
	(void)close(fd);
	return ERR_OK;
}

/* Addresses begin with public_url, without the slash at its end. */
static enum err read_urls(const struct config *config, struct live_options *options)
{
	static char public_url[256]; /* options borrow it */
	const char *text = config_text(config, CONFIG_PUBLIC_URL);
	size_t n = strlen(text);
	while (n > 0 && text[n - 1] == '/')
		n--;
	if (n >= sizeof(public_url))
		return ERR_INTERNAL;
	memcpy(public_url, text, n);
	options->urls.public_url = public_url;
	options->urls.ttl_s = config_int(config, CONFIG_FILE_URL_TTL_S);
	return ERR_OK;
}

static enum err read_configuration(struct config *config, struct live_options *options)
{
	extern char **environ;
	const char *key, *why;
	enum err err = config_from_environment(config, environ, &key, &why);
	if (err != ERR_OK) {
		log_event(LOG_ERROR, "bad_configuration", log_text("key", key), log_text("why", why));
		return err;
	}
	log_open("snug-live", log_level_of(config));
	TRY(origin_parse(str_from(config_text(config, CONFIG_PUBLIC_URL)), &options->public_origin));
	TRY(read_urls(config, options));
	options->is_https = options->public_origin.is_https;
	struct str bad;
	return cors_parse(config_text(config, CONFIG_CORS_ORIGINS), &options->cors, &bad, &why);
}

int main(void)
{
	struct config config;
	struct live_options options = {
	    .listen_fd = inherit_descriptor("LISTEN"),
	    .database_path = "snug.db",
	    .bell_path = "run/feed.sock",
	    .signals_fd = inherit_descriptor("SIGNALS"),
	    .templates_path = "run/templates",
	};
	log_open("snug-live", LOG_INFO);
	secret_open();
	config_init(&config);
	int status = EXIT_FAILURE;
	if (read_configuration(&config, &options) != ERR_OK)
		log_event(LOG_ERROR, "cannot_start",
			  log_text("why", "SNUG_PUBLIC_URL or another setting is missing or malformed"));
	else if (options.listen_fd < 0 || read_secrets(&options) != ERR_OK)
		log_event(LOG_ERROR, "cannot_start",
			  log_text("why", "snug run hands down SNUG_FD_LISTEN and SNUG_FD_SECRETS"));
	else
		status = live_run(&options);
	secret_wipe(&options.keys, sizeof(options.keys));
	secret_wipe(&options.urls.key, sizeof(options.urls.key));
	config_free(&config);
	return status;
}
