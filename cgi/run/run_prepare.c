/* From an empty folder to a place where the programs can start, in the order in which one thing needs the other. */
#include "run/run.h"

#include "base/ensure.h"
#include "base/pass.h"
#include "base/shared.h"
#include "crypto/secret.h"
#include "run/run_environment.h"
#include "run/run_files.h"
#include "run/run_lighttpd.h"
#include "run/run_refuse.h"
#include "run/run_secrets.h"
#include "run/run_spawn.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err open_binaries(struct run *run)
{
	static const char *const names[RUN_BINARY_COUNT] = {
	    [RUN_BINARY_STORE] = "snug-store",     [RUN_BINARY_WEB] = "snug-web",
	    [RUN_BINARY_API] = "snug-api",         [RUN_BINARY_LIVE] = "snug-live",
	    [RUN_BINARY_WORKER] = "snug-worker",   [RUN_BINARY_MAIL] = "snug-mail",
	    [RUN_BINARY_FETCH] = "snug-fetch",     [RUN_BINARY_S3] = "snug-s3",
	    [RUN_BINARY_PICTURE] = "snug-picture", [RUN_BINARY_LIGHTTPD] = "lighttpd"};
	for (int i = 0; i < RUN_BINARY_COUNT; i++) {
		struct stat file;
		run->binaries[i] = run_layout_open_program(&run->layout, names[i]);
		if (run->binaries[i] < 0)
			return ERR_NOT_FOUND;
		if (run->owners.is_root &&
		    (fstat(run->binaries[i], &file) != 0 || !(file.st_mode & S_IXOTH) || !(file.st_mode & S_IROTH)))
			return run_refuse("%s/%s cannot be run by users other than root: chmod -R a+rX %s",
					  run->layout.programs, names[i], run->layout.programs);
	}
	return ERR_OK;
}

static enum err make_memories(struct run *run)
{
	static const char *const names[RUN_MEMORY_COUNT] = {"snug-limits", "snug-metrics", "snug-sessions",
							    "snug-session-changes"};
	for (int i = 0; i < RUN_MEMORY_COUNT; i++) {
		run->memories[i] = shared_create(names[i]);
		if (run->memories[i] < 0)
			return run_refuse("shared memory cannot be made: %s", strerror(errno));
	}
	run->session_changes_reader = shared_open_reader(run->memories[RUN_MEMORY_SESSION_CHANGES]);
	if (run->session_changes_reader < 0)
		return run_refuse("shared memory cannot be opened for reading: %s", strerror(errno));
	return ERR_OK;
}

/* Only who needs it gets it, as memory: what stands in an environment is read by whoever is the same user. */
static enum err make_password(const struct run *run, enum config_key key, int *fd)
{
	const char *password = config_text(&run->config.values, key);
	*fd = -1;
	if (password[0] == '\0')
		return ERR_OK;
	*fd = pass_memfd(config_row(key)->name, password, strlen(password));
	return *fd >= 0 ? ERR_OK : run_refuse("memory cannot be made: %s", strerror(errno));
}

/* The folder is entered before the configuration is read, which may stand in it; a path given on the command line is
 * relative to where the person stood. */
static enum err enter(struct run *run, const struct run_options *options)
{
	char *config_file = options->config ? realpath(options->config, NULL) : NULL;
	if (options->config && !config_file)
		return run_refuse("--config %s: %s", options->config, strerror(errno));
	enum err err = run_layout_find(options->share, &run->layout);
	if (err == ERR_OK)
		err = run_data_enter(options->data, &run->data);
	if (err == ERR_OK)
		err = run_config_load(config_file, options->listen, &run->config);
	free(config_file);
	return err;
}

enum err run_prepare(struct run *run, const struct run_options *options)
{
	memset(run, 0, sizeof *run);
	run_spawn_reserve_descriptors();
	umask(0077);
	secret_open();
	TRY(enter(run, options));
	run_owners_init(&run->owners, config_int(&run->config.values, CONFIG_UID_BASE));
	run_limits_raise(&run->limits);
	TRY(open_binaries(run));
	TRY(run_data_lock(&run->data));
	TRY(run_data_own(&run->data, &run->owners));
	run_data_make_room();
	struct run_address address = run->config.listen;
	TRY(run_sockets_listen(&address, run->limits.backlog, &run->tcp_fd));
	run_config_listens(&run->config, &address);
	TRY(run_sockets_bind(&run->owners, run->limits.backlog, run->sockets));
	TRY(run_sockets_pair(&run->signals_writer, &run->signals_reader));
	TRY(run_secrets_prepare(run->config.needs_code, &run->secrets_fd, run->setup_code));
	TRY(run_files_prepare(&run->owners, &run->files_fd));
	TRY(run_publish(run->layout.share, run->version));
	TRY(run_lighttpd_write(run->layout.share, &run->config, &run->limits, &run->owners, run->version));
	TRY(run_lighttpd_certificate(&run->config, &run->certificate_fd, &run->key_fd));
	TRY(make_memories(run));
	TRY(make_password(run, CONFIG_SMTP_PASSWORD, &run->smtp_password_fd));
	TRY(make_password(run, CONFIG_S3_SECRET_KEY, &run->s3_secret_fd));
	run->environment = run_environment_make(&run->config, run->version);
	return ERR_OK;
}
