/* snug check: whether this instance would run, and with which settings. Changes nothing. Each finding is a line; the
 * exit status is 1 when something would keep Snug from running. */
#include "crypto/secret.h"
#include "run/run_client.h"
#include "run/run_command.h"
#include "run/run_config.h"
#include "run/run_layout.h"
#include "run/run_lighttpd.h"
#include "run/run_limits.h"
#include "run/run_refuse.h"
#include "sql/sql_writer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DESCRIPTORS_FEW = 4096, BACKLOG_FEW = 1024, ROOM_FEW_MB = 64, EXIT_USAGE = 2 };

static void print_settings(const struct config *values)
{
	for (unsigned i = 0; i < CONFIG_COUNT; i++) {
		const struct config_row *row = config_row((enum config_key)i);
		const char *value = config_text(values, (enum config_key)i);
		bool is_default = strcmp(value, row->initial) == 0;
		if (row->type == CONFIG_TYPE_SECRET && !is_default)
			value = "(set)";
		printf("%s = %s\n    %s%s%s%s\n", row->name, value, row->help, is_default ? "" : " (default: ",
		       is_default        ? ""
		       : row->initial[0] ? row->initial
					 : "empty",
		       is_default ? "" : ")");
	}
}

static bool check_programs(const char *share)
{
	static const char *const names[] = {"snug-store", "snug-web",   "snug-api",     "snug-live", "snug-worker",
					    "snug-mail",  "snug-fetch", "snug-picture", "lighttpd"};
	struct run_layout layout;
	if (run_layout_find(share, &layout) != ERR_OK)
		return false;
	bool is_good = true;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		int fd = run_layout_open_program(&layout, names[i]);
		is_good = is_good && fd >= 0;
		if (fd >= 0)
			close(fd);
	}
	printf("programs: %s, files: %s\n", layout.programs, layout.share);
	return is_good;
}

static void check_limits(void)
{
	struct run_limits limits;
	run_limits_read(&limits);
	printf("descriptors: %ld, so %d connections; queue of a socket: %d\n", limits.descriptors,
	       limits.max_connections, limits.backlog);
	if (limits.descriptors < DESCRIPTORS_FEW)
		printf("warning: descriptors are few: raise the hard limit (systemd: LimitNOFILE=65536; else ulimit "
		       "-Hn)\n");
	if (limits.backlog < BACKLOG_FEW)
		printf("warning: the queue of a socket is short: sysctl net.core.somaxconn=4096\n");
}

/* The store has it open for writing as a rule; reading beside it is what readers do all day. */
static bool check_database(struct run_client *client)
{
	bool is_sound = false;
	if (access("snug.db", F_OK) != 0) {
		printf("database: none yet; snug run makes it\n");
		return true;
	}
	if (sql_is_copy("snug.db")) {
		printf("database: a backup that was put there; snug run takes it over\n");
		return true;
	}
	if (run_client_read(client) != ERR_OK)
		return false;
	enum err err = sql_check_integrity(client->db, &is_sound);
	printf("database: %s/snug.db is %s\n", client->data.path, err == ERR_OK && is_sound ? "sound" : "NOT sound");
	return err == ERR_OK && is_sound;
}

static bool check_folder(struct run_client *client)
{
	struct stat folder;
	if (stat(client->options.data, &folder) != 0 && errno == ENOENT) {
		printf("data folder: %s is not there yet; snug run makes it\n", client->options.data);
		return true;
	}
	if (run_data_enter(client->options.data, &client->data) != ERR_OK)
		return false;
	printf("data folder: %s, Snug %s\n", client->data.path,
	       run_data_is_locked() ? "runs on it" : "does not run on it");
	int64_t room = run_data_free_bytes();
	if (room >= 0 && room < ROOM_FEW_MB * 1024 * 1024)
		printf("warning: the disk of the data folder is nearly full: %" PRId64 " KB are left\n", room / 1024);
	bool is_writable = access(".", W_OK) == 0;
	if (!is_writable)
		(void)run_refuse("the data folder %s cannot be written to: %s", client->data.path, strerror(errno));
	return check_database(client) && is_writable;
}

static bool check_config(struct run_client *client, const char *config_file)
{
	struct run_config config;
	int certificate, key;
	if (run_config_load(config_file, client->options.listen, &config) != ERR_OK)
		return false;
	bool is_good = run_lighttpd_certificate(&config, &certificate, &key) == ERR_OK;
	print_settings(&config.values);
	if (is_good && config.is_https) {
		close(certificate);
		close(key);
	}
	run_config_free(&config);
	return is_good;
}

int run_check(int argc, char **argv)
{
	struct run_client client = {0};
	arena_init(&client.arena);
	secret_open();
	if (run_options_read(argc, argv, &client.options) != ERR_OK || client.options.rest_count > 0) {
		(void)run_refuse("usage: snug check [--data DIR] [--config FILE] [--listen ADDR:PORT] [--share DIR]");
		return EXIT_USAGE;
	}
	char *config_file = client.options.config ? realpath(client.options.config, NULL) : NULL;
	if (client.options.config && !config_file) {
		(void)run_refuse("--config %s: %s", client.options.config, strerror(errno));
		return EXIT_FAILURE;
	}
	bool is_good = check_programs(client.options.share);
	check_limits();
	is_good = check_folder(&client) && is_good; /* the configuration may stand in the folder that this enters */
	is_good = check_config(&client, config_file) && is_good;
	free(config_file);
	sql_close(client.db);
	arena_free(&client.arena);
	printf(is_good ? "all is well\n" : "something has to be mended first\n");
	return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
