/* snug-live as a whole: what its parts share. One process, one thread, one event loop.
 *
 * A turn of the loop: what the descriptors and timers bring; a page of new events from the log, when the store has rung
 * (live/intake.h); once that is read to its end, signals (live/signals.h); a share of deliveries (live/delivery.h);
 * then closed connections are freed. */
#ifndef SNUG_LIVE_LIVE_H
#define SNUG_LIVE_LIVE_H

#include "base/arena.h"
#include "domain/file/file_url.h"
#include "http/cors.h"
#include "http/jwt.h"
#include "http/origin.h"
#include "live/bell.h"
#include "live/connection.h"
#include "live/database.h"
#include "live/delivery.h"
#include "live/intake.h"
#include "live/list.h"
#include "live/listener.h"
#include "live/loop.h"
#include "live/signals.h"
#include "live/subscriber.h"
#include "live/viewer.h"
#include "live/window.h"
#include "tmpl/tmpl.h"

#include <stdbool.h>
#include <stddef.h>

enum { LIVE_GOODBYE_MS = 800 }; /* after SIGTERM: for farewells to be written */

/* What main knows. */
struct live_options {
	int listen_fd;
	const char *database_path, *bell_path, *templates_path;
	int signals_fd; /* where front programs give signals; -1: nowhere */
	struct jwt_keys keys;
	struct origin public_origin; /* where people reach us */
	bool is_https;
	struct file_urls urls; /* what signs the addresses of files */
	struct cors cors;      /* whose pages may follow events, besides ours */
};

struct live {
	struct loop loop;
	struct listener listener;
	struct bell bell;
	struct database database;
	struct viewers viewers;
	struct window window;
	struct intake intake;
	struct delivery delivery;
	struct signals signals;
	struct tmpl_set *templates; /* NULL when the folder is missing: pages then get no fragments */
	const struct live_options *options;

	struct list connections; /* open ones */
	struct list closed;      /* to be freed at the end of the turn */
	struct list subscribers;
	size_t connection_count;

	struct watch ending; /* SIGTERM and SIGINT */
	struct timer goodbye;
	bool has_work; /* that needs no descriptor or timer to go on */
	bool is_stopping;
	bool is_over;

	struct arena arena; /* for one request or one page of events at a time */
	struct buf scratch; /* for encoding one event */
	char input[REQUEST_HEAD_BYTES_MAX];
};

/* Runs until SIGTERM or SIGINT; returns the exit status for main. Ignores SIGPIPE. options are borrowed. */
int live_run(const struct live_options *options);

/* The pieces of live_run. live_turn waits only if it may and there is nothing to do; false: it is over. */
struct live *live_open(const struct live_options *options);
bool live_turn(struct live *live, bool may_wait);
void live_close(struct live *live);

#endif
