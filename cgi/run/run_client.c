#include "run/run_client.h"

#include "crypto/secret.h"
#include "domain/user/user.h"
#include "run/run_refuse.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum err run_client_open(struct run_client *client, int argc, char **argv)
{
	*client = (struct run_client){0};
	arena_init(&client->arena);
	store_client_init(&client->store, "run/op-cli.sock");
	secret_open();
	TRY(run_options_read(argc, argv, &client->options));
	struct stat folder;
	if (stat(client->options.data, &folder) != 0)
		return run_refuse("the data folder %s: %s; name it with --data DIR", client->options.data,
				  strerror(errno));
	return run_data_enter(client->options.data, &client->data);
}

void run_client_close(struct run_client *client)
{
	store_client_close(&client->store);
	sql_close(client->db);
	arena_free(&client->arena);
}

enum err run_client_read(struct run_client *client)
{
	struct stat file;
	if (stat("snug.db", &file) != 0)
		return run_refuse("%s/snug.db: %s", client->data.path, strerror(errno));
	enum err err = sql_open_reader("snug.db", &client->db);
	return err == ERR_OK ? ERR_OK
			     : run_refuse("%s/snug.db cannot be read: %s", client->data.path, err_info(err)->text);
}

enum err run_client_submit(struct run_client *client, enum op op, int64_t actor_id, const struct buf *input,
			   struct op_reply *reply)
{
	struct stat socket;
	if (!run_data_is_locked())
		return run_refuse("Snug does not run on %s: start it with snug run, then try again", client->data.path);
	if (stat(client->store.path, &socket) != 0 || socket.st_uid != geteuid())
		return run_refuse("Snug runs on %s as another user: become that user (or root)", client->data.path);
	const struct op_caller caller = {.user_id = actor_id};
	enum err err = store_submit(&client->store, &client->arena, op, &caller, input->p, input->n, reply);
	if (err == ERR_INVALID_FORM && reply->errors.n > 0)
		return run_refuse("%s: %.*s", err_info(err)->text, (int)reply->errors.n, reply->errors.p);
	return err == ERR_OK ? ERR_OK : run_refuse("%s", err_info(err)->text);
}

enum err run_client_find_user(struct run_client *client, const char *login, int64_t *user_id)
{
	struct user_credentials credentials;
	enum err err = user_find_credentials(client->db, &client->arena, login, &credentials);
	if (err != ERR_OK)
		return run_refuse("\"%s\": %s", login, err_info(err)->text);
	*user_id = credentials.user_id;
	return ERR_OK;
}
