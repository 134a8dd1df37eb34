/* snug secret rotate: a new key to sign access tokens with. */
#include "crypto/secret.h"
#include "run/run_client.h"
#include "run/run_command.h"
#include "run/run_refuse.h"
#include "run/run_secrets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2, SECRET_MAX = 1024 };

/* One line of stdin, so that the secret stands in no list of processes and no history. */
static enum err rotate(bool is_from_stdin)
{
	char supplied[SECRET_MAX + 2], kid[JWT_KID_SIZE];
	if (is_from_stdin && !fgets(supplied, sizeof supplied, stdin))
		return run_refuse("no secret came on stdin");
	if (is_from_stdin)
		supplied[strcspn(supplied, "\r\n")] = '\0';
	enum err err = run_secrets_rotate(is_from_stdin ? supplied : NULL, kid);
	secret_wipe(supplied, sizeof supplied);
	if (err != ERR_OK)
		return err;
	printf("Access tokens are signed with the key %s from the next start on, or once snug run gets SIGHUP\n"
	       "(systemctl reload snug). Tokens of the key before stay good. Each lives 15 minutes: wait that long\n"
	       "before you rotate again, or whoever holds one of the key before that has to refresh it.\n",
	       kid);
	return ERR_OK;
}

int run_secret(int argc, char **argv)
{
	struct run_client client;
	enum err err = run_client_open(&client, argc, argv);
	char **rest = client.options.rest;
	int n = client.options.rest_count;
	int status = EXIT_SUCCESS;
	bool is_rotate =
	    err == ERR_OK && (n == 1 || (n == 2 && strcmp(rest[1], "-") == 0)) && strcmp(rest[0], "rotate") == 0;
	if (is_rotate) {
		err = rotate(n == 2);
	} else if (err == ERR_OK) {
		(void)run_refuse("usage: snug secret rotate [-]");
		status = EXIT_USAGE;
	}
	run_client_close(&client);
	return err == ERR_OK ? status : EXIT_FAILURE;
}
