/* What commands share that work on an instance: its folder, its database for reading, and its store. */
#ifndef SNUG_RUN_CLIENT_H
#define SNUG_RUN_CLIENT_H

#include "run/run_data.h"
#include "run/run_options.h"
#include "sql/sql.h"
#include "store/submit.h"

struct run_client {
	struct run_options options;
	struct run_data data;
	struct arena arena;
	struct sql *db; /* read-only; NULL until run_client_read */
	struct store_client store;
};

/* Reads the options and enters the data folder, which has to be there. On failure the person has been told; close it
 * anyway. */
enum err run_client_open(struct run_client *client, int argc, char **argv) MUST_USE;
void run_client_close(struct run_client *client);

/* Opens the database for reading. */
enum err run_client_read(struct run_client *client) MUST_USE;

/* Sends an op as the account actor_id (0: nobody). On failure the person has been told, in particular when Snug does
 * not run. */
enum err run_client_submit(struct run_client *client, enum op op, int64_t actor_id, const struct buf *input,
			   struct op_reply *reply) MUST_USE;

/* The account of that user name or e-mail address. On failure the person has been told. */
enum err run_client_find_user(struct run_client *client, const char *login, int64_t *user_id) MUST_USE;

#endif
