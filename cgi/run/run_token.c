/* snug token …: personal tokens from the command line. */
#include "base/id.h"
#include "domain/session/session.h"
#include "front/account.h"
#include "run/run_client.h"
#include "run/run_command.h"
#include "run/run_refuse.h"
#include "json/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2 };

static enum err list(struct run_client *client, int64_t user_id)
{
	struct buf *text = buf_in_arena(&client->arena);
	struct jw jw;
	json_t *tokens;
	jw_init(&jw, text);
	enum err err = session_tokens_to_json(client->db, &jw, NULL, user_id);
	if (err == ERR_OK)
		err = json_parse_own(&client->arena, text->p, text->n, &tokens);
	if (err != ERR_OK)
		return run_refuse("%s", err_info(err)->text);
	size_t i;
	json_t *token;
	json_array_foreach(tokens, i, token)
	{
		printf("%-20s %-32s made %s\n", json_text(token, "id"), json_text(token, "name"),
		       json_text(token, "created_at"));
	}
	return ERR_OK;
}

static enum err create(struct run_client *client, int64_t user_id, const char *name)
{
	char token[SECRET_TEXT_SIZE], digest[SECRET_TEXT_SIZE];
	struct op_reply reply;
	struct buf *input = buf_in_arena(&client->arena);
	struct jw jw;
	secret_token(token);
	account_digest(token, digest);
	jw_init(&jw, input);
	jw_object(&jw, NULL);
	jw_text(&jw, "name", name);
	jw_text(&jw, "digest", digest);
	jw_object_end(&jw);
	enum err err = run_client_submit(client, OP_token_create, user_id, input, &reply);
	if (err == ERR_OK)
		printf("%s\n", token);
	secret_wipe(token, sizeof token);
	return err;
}

static enum err revoke(struct run_client *client, int64_t user_id, const char *id)
{
	int64_t token_id;
	struct op_reply reply;
	struct buf *input = buf_in_arena(&client->arena);
	struct jw jw;
	if (!id_parse(id, strlen(id), &token_id))
		return run_refuse("\"%s\" is no id: snug token list prints them", id);
	jw_init(&jw, input);
	jw_object(&jw, NULL);
	jw_id(&jw, "token_id", token_id);
	jw_object_end(&jw);
	return run_client_submit(client, OP_token_revoke, user_id, input, &reply);
}

int run_token(int argc, char **argv)
{
	struct run_client client;
	int64_t user_id;
	enum err err = run_client_open(&client, argc, argv);
	char **rest = client.options.rest;
	int n = client.options.rest_count;
	bool is_list = err == ERR_OK && n == 2 && strcmp(rest[0], "list") == 0;
	bool is_create = err == ERR_OK && n == 3 && strcmp(rest[0], "create") == 0;
	bool is_revoke = err == ERR_OK && n == 3 && strcmp(rest[0], "revoke") == 0;
	int status = EXIT_SUCCESS;
	if (err == ERR_OK && !is_list && !is_create && !is_revoke) {
		(void)run_refuse(
		    "usage: snug token create NAME LABEL | snug token list NAME | snug token revoke NAME ID");
		run_client_close(&client);
		return EXIT_USAGE;
	}
	if (err == ERR_OK)
		err = run_client_read(&client);
	if (err == ERR_OK)
		err = run_client_find_user(&client, rest[1], &user_id);
	if (err == ERR_OK && is_list)
		err = list(&client, user_id);
	if (err == ERR_OK && is_create)
		err = create(&client, user_id, rest[2]);
	if (err == ERR_OK && is_revoke)
		err = revoke(&client, user_id, rest[2]);
	run_client_close(&client);
	return err == ERR_OK ? status : EXIT_FAILURE;
}
