#include "run/run_client.h"

#include "crypto/secret.h"
#include "domain/user/user.h"
#include "run/run_refuse.h"
#include "sql/sql_writer.h"
#include "json/json.h"

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
	if (sql_is_copy("snug.db")) /* the log beside it is that of another database */
		return run_refuse("%s/snug.db is a backup that was put there: start snug run once, which takes it over",
				  client->data.path);
	enum err err = sql_open_reader("snug.db", &client->db);
	return err == ERR_OK ? ERR_OK
			     : run_refuse("%s/snug.db cannot be read: %s", client->data.path, err_info(err)->text);
}

/* "name: This field is required" of {"name": {"_errors": [{"message": …}]}}, however deep the field lies. */
static enum err refuse_form(struct run_client *client, enum err err, const struct op_reply *reply)
{
	json_t *errors, *first;
	const char *field = "";
	if (json_parse_own(&client->arena, reply->errors.p, reply->errors.n, &errors) != ERR_OK)
		return run_refuse("%s", err_info(err)->text);
	while (!(first = json_object_get(errors, "_errors")) && json_object_iter(errors)) {
		field = json_object_iter_key(json_object_iter(errors));
		errors = json_object_iter_value(json_object_iter(errors));
	}
	const char *message = json_text(json_array_get(first, 0), "message");
	return run_refuse("%s: %s", field, message ? message : err_info(err)->text);
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
		return refuse_form(client, err, reply);
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
