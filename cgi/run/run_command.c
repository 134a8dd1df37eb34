#include "run/run_command.h"

#include "base/log.h"
#include "run/run.h"
#include "run/run_refuse.h"
#include "run/run_supervise.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2 };

static const char version_text[] = "0.1.0";

static int run_forever(int argc, char **argv)
{
	struct run_options options;
	static struct run run;
	if (run_options_read(argc, argv, &options) != ERR_OK)
		return EXIT_USAGE;
	if (options.rest_count > 0) {
		(void)run_refuse("run takes options only, not \"%s\"", options.rest[0]);
		return EXIT_USAGE;
	}
	if (run_prepare(&run, &options) != ERR_OK)
		return EXIT_FAILURE;
	return run_supervise(&run);
}

static int print_version(int argc, char **argv)
{
	(void)argc, (void)argv;
	printf("snug %s\n", version_text);
	return EXIT_SUCCESS;
}

static int print_help(int argc, char **argv);

struct command {
	const char *name;
	const char *arguments;
	const char *help;
	int (*run)(int argc, char **argv);
};

static const struct command commands[] = {
    {"run", "", "start everything in the foreground; SIGTERM ends it, SIGHUP reads certificate and secrets again", run_forever},
    {"check", "", "check configuration, limits, files and database, and print every setting", run_check},
    {"backup", "FILE", "copy the database to FILE while everything runs", run_backup},
    {"user", "list", "list the accounts", run_user},
    {"user", "reset-password NAME [-]", "give an account a new password, made up, or read from stdin with -", run_user},
    {"user", "suspend NAME [REASON]", "end all that an account can do, and its sessions and bots", run_user},
    {"user", "unsuspend NAME", "let it log in again", run_user},
    {"user", "promote NAME", "let an account administer the server: suspend others, see security events", run_user},
    {"user", "demote NAME", "end that", run_user},
    {"user", "delete NAME NAME", "delete an account, named twice; it cannot be taken back", run_user},
    {"token", "create NAME LABEL", "make a personal token for an account and print it once", run_token},
    {"token", "list NAME", "list the tokens of an account", run_token},
    {"token", "revoke NAME ID", "end a token", run_token},
    {"secret", "rotate [-]", "make a new key to sign access tokens with, or take it from stdin with -", run_secret},
    {"jobs", "list", "list mail and other work that waits, and what failed for good", run_jobs},
    {"jobs", "retry ID", "have a job that waits tried now", run_jobs},
    {"jobs", "drop ID", "forget a job", run_jobs},
    {"help", "", "print this", print_help},
    {"version", "", "print the version", print_version},
};

static int print_help(int argc, char **argv)
{
	(void)argc, (void)argv;
	printf("Snug is team chat that runs on your own machine.\n\n");
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		printf("  snug %-6s %-24s %s\n", commands[i].name, commands[i].arguments, commands[i].help);
	printf("\nOptions of every command:\n"
	       "  --data DIR          the data folder (default: data in the current folder)\n"
	       "  --config FILE       the configuration (default: snug.conf in the data folder)\n"
	       "  --share DIR         the folder with conf, templates and static (default: found from where snug is)\n"
	       "Of run and check:\n"
	       "  --listen ADDR:PORT  where lighttpd listens (default: 127.0.0.1:8080; *:80 is every address)\n"
	       "\nSNUG_<KEY> in the environment overrides each key of the configuration; snug check lists them.\n");
	return EXIT_SUCCESS;
}

int run_command(int argc, char **argv)
{
	log_open("snug", LOG_INFO);
	if (argc < 2) {
		(void)print_help(argc, argv);
		return EXIT_USAGE;
	}
	const char *name = argv[1];
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		name = "help";
	if (strcmp(name, "--version") == 0)
		name = "version";
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (strcmp(commands[i].name, name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	(void)run_refuse("there is no command \"%s\"; snug help lists them", name);
	return EXIT_USAGE;
}
