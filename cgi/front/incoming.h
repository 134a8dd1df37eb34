/* A file that is being received: written to files/incoming under a random name while its hash is taken. snug-store
 * moves it to its place when it becomes part of a message; until then it is nothing, and whoever began it removes it.
 */
#ifndef SNUG_FRONT_INCOMING_H
#define SNUG_FRONT_INCOMING_H

#include "base/err.h"
#include "crypto/stream_hash.h"
#include "domain/file/file.h"

struct incoming {
	int fd; /* -1: none */
	char token[FILE_TOKEN_SIZE];
	char hash[FILE_HASH_SIZE]; /* once finished */
	int64_t size;
	struct stream_hash state;
};

/* Errors of all three: ERR_STORAGE_FULL; ERR_INTERNAL where the folder is missing. */
enum err incoming_open(struct incoming *incoming) MUST_USE;
enum err incoming_write(struct incoming *incoming, const void *bytes, size_t n) MUST_USE;

/* It is whole: makes it last and lets others read it. The descriptor stays open, at the file's beginning. */
enum err incoming_finish(struct incoming *incoming) MUST_USE;

void incoming_close(struct incoming *incoming); /* the file stays */
void incoming_drop(struct incoming *incoming);  /* closes, and removes it where it has not been moved */

#endif
