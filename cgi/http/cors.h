/* Cross-origin resource sharing (Fetch standard, "CORS protocol"): which pages of other sites may call the API, as
 * cors_origins says, and the headers that tell their browsers so. snug-api and snug-live answer with them; pages for
 * people never do. No allocation, no I/O.
 *
 * Credentials in that standard's sense are cookies, which the API does not read; the Authorization header that a
 * script sets is none, and is allowed by name. So "*" gives any site what curl has, and no more. */
#ifndef SNUG_HTTP_CORS_H
#define SNUG_HTTP_CORS_H

#include "base/err.h"
#include "base/str.h"
#include "http/origin.h"

#include <stdbool.h>
#include <stddef.h>

enum { CORS_ORIGINS_MAX = 32, CORS_HEADERS_MAX = 6 };

/* Zeroed: no other site may. */
struct cors {
	bool is_any; /* "*" */
	size_t count;
	struct {
		struct origin origin;
		char text[ORIGIN_TEXT_SIZE]; /* as a browser writes it: compared byte for byte over there */
	} allowed[CORS_ORIGINS_MAX];
};

struct cors_header {
	const char *name;
	const char *value;
};

/* Parses cors_origins: origins separated by commas; "*" alone; nothing. ERR_INVALID_FORM with *why (static text) and
 * the part of list that is wrong in *bad. */
enum err cors_parse(const char *list, struct cors *out, struct str *bad, const char **why) MUST_USE;

/* What Access-Control-Allow-Origin says to a page of this origin, borrowed from cors; NULL: nothing. */
const char *cors_find(const struct cors *cors, struct str origin);

/* The headers of any reply to a request whose Origin header this is ({NULL, 0}: it had none). Values borrow from cors
 * and constants. Returns how many. */
size_t cors_headers(const struct cors *cors, struct str origin, struct cors_header out[CORS_HEADERS_MAX]);

/* The headers of the reply to a preflight (OPTIONS). methods is borrowed: "GET, POST". */
size_t cors_preflight_headers(const struct cors *cors, struct str origin, const char *methods,
			      struct cors_header out[CORS_HEADERS_MAX]);

#endif
