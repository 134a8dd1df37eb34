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
		printf("%-20" PRId64 " %-32s %s%s%s%s\n", sql_column_int(s, 0), username, email ? email : "-",
		       sql_column_int(s, 3) ? " (bot)" : "", sql_column_int(s, 4) ? " (suspended)" : "",
		       sql_column_int(s, 5) ? " (administers the server)" : "");
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

/* What is done to one account by one op. */
static const struct deed {
	const char *name, *usage;
	enum op op;
	enum { NOTHING_MORE, A_REASON, THE_NAME_AGAIN, IS_ADMIN, IS_NO_ADMIN } more;
} deeds[] = {
    {"suspend", "suspend NAME [REASON]", OP_user_suspend, A_REASON},
    {"unsuspend", "unsuspend NAME", OP_user_restore, NOTHING_MORE},
    {"promote", "promote NAME", OP_user_admin, IS_ADMIN},
    {"demote", "demote NAME", OP_user_admin, IS_NO_ADMIN},
    {"delete", "delete NAME NAME", OP_user_remove, THE_NAME_AGAIN},
};

static const struct deed *deed_find(int n, char **rest)
{
	for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
		bool takes_two = deeds[i].more == A_REASON || deeds[i].more == THE_NAME_AGAIN;
		if (n >= 2 && n <= (takes_two ? 3 : 2) && strcmp(rest[0], deeds[i].name) == 0)
			return &deeds[i];
	}
	return NULL;
}

static enum err do_deed(struct run_client *client, const struct deed *deed, const char *login, const char *more)
{
	struct buf *input = buf_in_arena(&client->arena);
	struct op_reply reply;
	int64_t user_id;
	struct jw jw;
	if (deed->more == THE_NAME_AGAIN && (more == NULL || strcmp(login, more) != 0))
		return run_refuse("this cannot be taken back: to delete an account, write its name twice");
	TRY(run_client_read(client));
	TRY(run_client_find_user(client, login, &user_id));
	jw_init(&jw, input);
	jw_object(&jw, NULL);
	jw_id(&jw, "user_id", user_id);
	if (deed->more == A_REASON && more != NULL)
		jw_text(&jw, "reason", more);
	if (deed->more == IS_ADMIN || deed->more == IS_NO_ADMIN)
		jw_flag(&jw, "is_admin", deed->more == IS_ADMIN);
	jw_object_end(&jw);
	return run_client_submit(client, deed->op, 0, input, &reply);
}

static void print_usage(void)
{
	struct buf text;
	buf_init(&text);
	for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++)
		buf_printf(&text, " | snug user %s", deeds[i].usage);
	(void)run_refuse("usage: snug user list | snug user reset-password NAME [-]%s", text.p);
	buf_free(&text);
}

int run_user(int argc, char **argv)
{
	struct run_client client;
	enum err err = run_client_open(&client, argc, argv);
	char **rest = client.options.rest;
	int n = client.options.rest_count;
	int status = EXIT_SUCCESS;
	const struct deed *deed = err == ERR_OK ? deed_find(n, rest) : NULL;
	if (err == ERR_OK && n == 1 && strcmp(rest[0], "list") == 0)
		err = list(&client);
	else if (err == ERR_OK && (n == 2 || (n == 3 && strcmp(rest[2], "-") == 0)) &&
		 strcmp(rest[0], "reset-password") == 0)
		err = reset_password(&client, rest[1], n == 3);
	else if (deed != NULL)
		err = do_deed(&client, deed, rest[1], n == 3 ? rest[2] : NULL);
	else if (err == ERR_OK) {
		print_usage();
		status = EXIT_USAGE;
	}
	run_client_close(&client);
	return err == ERR_OK ? status : EXIT_FAILURE;
}
