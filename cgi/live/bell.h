/* The doorbell of the event log: a SOCK_SEQPACKET connection to snug-store, on which {"head":SEQ} comes after each
 * commit and once on connecting. It carries no events; they are read from the log. While the store is away the
 * connection is tried again, and the log is looked at now and then all the same. */
#ifndef SNUG_LIVE_BELL_H
#define SNUG_LIVE_BELL_H

#include "base/err.h"
#include "live/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct live;

enum { BELL_BYTES_MAX = 256, BELL_RETRY_MIN_MS = 50, BELL_RETRY_MAX_MS = 1000 };

struct bell {
	struct watch watch; /* first: the loop gives it back */
	struct live *live;
	const char *path; /* borrowed */
	struct timer retry;
	int64_t retry_ms;
	bool was_heard; /* since it was connected */
};

void bell_open(struct bell *bell, struct live *live, const char *path);
void bell_close(struct bell *bell);

/* The head that a message tells. ERR_BAD_JSON when it is none: the store is not to be blamed with an ensure. */
enum err bell_parse(const char *text, size_t n, int64_t *head) MUST_USE;

#endif
