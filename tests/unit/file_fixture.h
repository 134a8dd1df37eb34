/* The store with a data folder in which files are, for tests of files on messages. There is one at a time. */
#ifndef SNUG_TEST_FILE_FIXTURE_H
#define SNUG_TEST_FILE_FIXTURE_H

#include "ops_fixture.h"

#include <stdbool.h>
#include <stdint.h>

extern struct ops ops;

/* Set-up and tear-down of cmocka; the store works in the data folder, so that is entered. */
int files_open(void **state);
int files_close(void **state);

/* What a file is called under which these bytes are kept. In the arena, as all texts here. */
const char *files_hash_of(const char *content);

/* The token of the next file to be received, and the same with the file in its place. */
const char *files_token(void);
const char *files_receive(const char *content);

/* How many that were received lie there still. */
int64_t files_incoming_count(void);

/* An item of "files" as the front writes it; the input of a message in the general channel with such. */
json_t *files_item(const char *content, const char *name, const char *type);
json_t *files_post_of(json_t *files);

/* Posts them, or one text file, and returns the message's id. */
int64_t files_post(const struct person *who, json_t *files);
int64_t files_post_one(const struct person *who, const char *content);

/* Of the message that was answered last. */
const json_t *files_attachment(size_t i);

void files_delete_message(int64_t id);
bool files_is_on_disk(const char *content);
int64_t files_used_by(int64_t user_id);

/* A turn of house-keeping; whether nothing is left to do. All of it. */
bool files_keep_house(void);
void files_keep_house_all(void);

#endif
