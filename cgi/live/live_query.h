/* What a subscriber asks for: ?after=, ?timeout=, ?channel=, ?types= and the Last-Event-ID header. Bytes in, struct
 * out. */
#ifndef SNUG_LIVE_LIVE_QUERY_H
#define SNUG_LIVE_LIVE_QUERY_H

#include "base/arena.h"
#include "base/err.h"
#include "base/field.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	LIVE_QUERY_TIMEOUT_INITIAL_S = 30,
	LIVE_QUERY_TIMEOUT_MAX_S = 60,
	LIVE_QUERY_TYPES_MAX = 32,
	LIVE_QUERY_TYPES_BYTES_MAX = 1024,
};

#define LIVE_QUERY_CURSOR_MAX ((INT64_C(1) << 53) - 1) /* no seq is beyond it */

struct live_query {
	bool has_after;
	int64_t after;
	bool resumes_stream; /* Last-Event-ID is there, which streams alone have, and no time limit, which polls have */
	int64_t timeout_ms;
	int64_t channel_id; /* 0: every channel */
	const char *types;  /* ",MESSAGE_CREATE,MESSAGE_DELETE," in the arena; NULL: every type */
};

/* Parses the query string and the header's value ({NULL, 0} when absent). Last-Event-ID wins over after: it is what the
 * client saw last, and after is what stood in the address when it first connected. Unknown parameters are ignored.
 * ERR_INVALID_FORM with the list in errors; ERR_BAD_REQUEST for a malformed query. */
enum err live_query_parse(struct arena *arena, struct str query, struct str last_event_id, struct live_query *out,
			  struct field_errors *errors) MUST_USE;

/* Whether a list of types as above names the type. */
bool live_query_names_type(const char *types, const char *type);

#endif
