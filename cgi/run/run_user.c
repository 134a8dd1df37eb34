/* snug user …: accounts from the command line. */
#include "crypto/password.h"
#include "crypto/secret.h"
#include "domain/user/user.h"
#include "run/run_client.h"
#include "run/run_command.h"
#include "run/run_refuse.h"
#include "json/jw.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MADE_UP_CHARS = 20, EXIT_USAGE = 2 };

static enum err list(struct run_client *client)
{
	struct sql_stmt *s;
	TRY(run_client_read(client));
	TRY(sql_start(client->db, QUERY_USER_LIST, SQL_NO_ARGS, &s));
	while (sql_step(s)) {
		const char *username = sql_column_text(s, 1, &client->arena);
		const char *email = sql_column_text(s, 2, &client->arena);
		printf("%-20" PRId64 " %-32s %s%s%s\n", sql_column_int(s, 0), username, email ? email : "-",
		       sql_column_int(s, 3) ? " (bot)" : "", sql_column_int(s, 4) ? " (suspended)" : "");
	}
	enum err err = sql_finish(s);
	return err == ERR_OK ? ERR_OK : run_refuse("%s", err_info(err)->text);
}

/* One line of stdin, so that the password stands in no list of processes and no history. */
static enum err read_password(char *out, size_t size)
{
	if (!fgets(out, (int)size, stdin))
		return run_refuse("no password came on stdin");
	size_t n = strcspn(out, "\r\n");
	if (out[n] == '\0' && n + 1 == size)
		return run_refuse("the password is too long");
	out[n] = '\0';
	return ERR_OK;
}

static enum err find_user(struct run_client *client, const char *login, struct user *user)
{
	int64_t user_id;
	TRY(run_client_read(client));
	TRY(run_client_find_user(client, login, &user_id));
	enum err err = user_find(client->db, &client->arena, user_id, user);
	return err == ERR_OK ? ERR_OK : run_refuse("%s", err_info(err)->text);
}

static enum err reset_password(struct run_client *client, const char *login, bool is_from_stdin)
{
	char password[PASSWORD_MAX_BYTES + 2];
	char hash[PASSWORD_HASH_SIZE];
	const char *why;
	struct op_reply reply;
	struct jw jw;
	struct user user;
	TRY(find_user(client, login, &user));
	if (is_from_stdin)
		TRY(read_password(password, sizeof password));
	else
		secret_code(password, MADE_UP_CHARS, "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789");
	if (!password_is_acceptable(password, user.username, &why))
		return run_refuse("password: %s", why);
	enum err err = password_hash(password, hash);
	if (err != ERR_OK)
		return run_refuse("the password cannot be hashed: %s", err_info(err)->text);
	struct buf *input = buf_in_arena(&client->arena);
	jw_init(&jw, input);
	jw_object(&jw, NULL);
	jw_text(&jw, "login", login);
	jw_text(&jw, "password_hash", hash);
	jw_object_end(&jw);
	err = run_client_submit(client, OP_user_password, 0, input, &reply);
	if (err == ERR_OK && !is_from_stdin)
		printf("%s\n", password);
	secret_wipe(password, sizeof password);
	return err;
}

int run_user(int argc, char **argv)
{
	struct run_client client;
	enum err err = run_client_open(&client, argc, argv);
	char **rest = client.options.rest;
	int n = client.options.rest_count;
	int status = EXIT_SUCCESS;
	if (err == ERR_OK && n == 1 && strcmp(rest[0], "list") == 0)
		err = list(&client);
	else if (err == ERR_OK && (n == 2 || (n == 3 && strcmp(rest[2], "-") == 0)) &&
		 strcmp(rest[0], "reset-password") == 0)
		err = reset_password(&client, rest[1], n == 3);
	else if (err == ERR_OK) {
		(void)run_refuse("usage: snug user list | snug user reset-password NAME [-]");
		status = EXIT_USAGE;
	}
	run_client_close(&client);
	return err == ERR_OK ? status : EXIT_FAILURE;
}
