/* The data folder: opened, owned by the right user, locked, and from then on the working directory. */
#ifndef SNUG_RUN_DATA_H
#define SNUG_RUN_DATA_H

#include "base/buf.h"
#include "run/run_owner.h"

#include <limits.h>
#include <stdint.h>

struct run_data {
	char path[PATH_MAX]; /* absolute, for people to read; files are reached by relative paths */
	int lock_fd; /* run.lock. snug-store inherits it, so that no second store starts before the first is gone */
	int run_fd;  /* the folder run/, owned by whoever runs snug */
};

/* Enters the folder, making it when it is missing. is_new says that nothing was in it. Refuses a folder that holds
 * something else. */
enum err run_data_enter(const char *path, struct run_data *out) MUST_USE;

/* Takes the lock, waiting a second for one that is about to end. Refuses when Snug runs on this folder already. */
enum err run_data_lock(struct run_data *data) MUST_USE;

/* Whether Snug runs on the folder that was entered. */
bool run_data_is_locked(void);

/* Gives the folder, when it is new, and a database that root put there to the store's user, refuses one that was run as
 * another user, and makes run/ empty of sockets. */
enum err run_data_own(struct run_data *data, const struct run_owners *owners) MUST_USE;

/* What the disk of the folder has left for this user; -1 where it does not say. */
int64_t run_data_free_bytes(void);

/* On a full disk gives up the ballast, so that a start has room for its few files and people can read at least. */
void run_data_make_room(void);

/* Reads a small file of the data folder that only its owner may have written: a regular file of this user or root.
 * ERR_NOT_FOUND without a word when there is none. */
enum err run_data_read(const char *name, size_t size_max, struct buf *out) MUST_USE;

/* Replaces a file of the data folder so that after a crash either the old or the new one stands there. Mode 0600. */
enum err run_data_replace(const char *name, const char *text, size_t n) MUST_USE;

#endif
