/* snug-worker: jobs and pictures. Runs in the data folder; its sockets were bound, and the programs of its children
 * opened, by snug run. */
#include "base/config.h"
#include "base/inherit.h"
#include "base/log.h"
#include "base/pass.h"
#include "crypto/secret.h"
#include "work/work.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PASSWORD_MAX_BYTES = 1024 };

static bool read_configuration(struct config *config)
{
	extern char **environ;
	const char *key, *why;
	if (config_from_environment(config, environ, &key, &why) == ERR_OK)
		return true;
	log_event(LOG_ERROR, "bad_configuration", log_text("key", key), log_text("why", why));
	return false;
}

/* It stands in no environment, which other programs of the same user could read. */
static bool read_password(const char *name, struct buf *password)
{
	int fd = inherit_descriptor(name);
	if (fd < 0) {
		buf_puts(password, "");
		return true;
	}
	bool is_read = pass_memfd_read(fd, PASSWORD_MAX_BYTES, password);
	(void)close(fd);
	return is_read;
}

int main(void)
{
	struct config config;
	struct buf password, s3_key;
	int status = EXIT_FAILURE;
	log_open("snug-worker", LOG_INFO);
	secret_open();
	config_init(&config);
	buf_init(&password);
	buf_init(&s3_key);
	(void)signal(SIGPIPE, SIG_IGN);
	bool is_configured = read_configuration(&config) && read_password("SMTP_PASSWORD", &password) &&
			     read_password("S3_SECRET_KEY", &s3_key);
	struct work_options options = {
	    .config = &config,
	    .smtp_password = password.p,
	    .s3_secret_key = s3_key.p,
	    .picture_web_fd = inherit_descriptor("PICTURE_WEB"),
	    .picture_api_fd = inherit_descriptor("PICTURE_API"),
	    .picture_program = inherit_descriptor("PICTURE_PROGRAM"),
	    .mail_program = inherit_descriptor("MAIL_PROGRAM"),
	    .fetch_program = inherit_descriptor("FETCH_PROGRAM"),
	    .s3_program = inherit_descriptor("S3_PROGRAM"),
	    .database_path = "snug.db",
	    .store_path = "run/op-worker.sock",
	    .bell_path = "run/jobs.sock",
	    .templates_path = "run/templates",
	};
	if (!is_configured)
		log_event(LOG_ERROR, "cannot_start", log_text("why", "the configuration is missing or malformed"));
	else if (options.picture_program < 0 || options.mail_program < 0 || options.fetch_program < 0 ||
		 options.s3_program < 0)
		log_event(LOG_ERROR, "cannot_start", log_text("why", "snug run hands down the programs of children"));
	else
		status = work_run(&options);
	if (password.p != NULL)
		secret_wipe(password.p, password.n);
	if (s3_key.p != NULL)
		secret_wipe(s3_key.p, s3_key.n);
	buf_free(&password);
	buf_free(&s3_key);
	config_free(&config);
	return status;
}
