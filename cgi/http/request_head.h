/* The head of an HTTP/1 request (RFC 9112): bytes in, names and values out. For snug-live, which speaks HTTP itself
 * behind lighttpd. No descriptors, no allocation: everything in a struct request_head borrows from the caller's bytes.
 *
 * Stricter than the RFC where leniency lets two parsers disagree: lines end in CRLF alone, no folded lines, no blank
 * before the colon, no NUL or other control character, a target that is a path (no absolute-form, no "*"), no
 * Transfer-Encoding, and no second occurrence of a header that means one thing (Host, Authorization, Cookie, …). */
#ifndef SNUG_HTTP_REQUEST_HEAD_H
#define SNUG_HTTP_REQUEST_HEAD_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	REQUEST_HEAD_BYTES_MAX =
	    16 * 1024, /* request line, headers and the blank line: twice what lighttpd lets through */
	REQUEST_HEADERS_MAX = 64,
	REQUEST_TARGET_MAX = 8 * 1024,
	REQUEST_METHOD_MAX = 16,
};

struct request_header {
	struct str name;  /* as sent: compare without case */
	struct str value; /* without blanks at both ends; bytes above 0x7f are possible */
};

struct request_head {
	struct str method;       /* upper-case letters */
	struct str target;       /* "/path?query", visible ASCII without '#' */
	struct str path;         /* the part before '?', still percent-encoded */
	struct str query;        /* the part after it, empty when there is none */
	int minor_version;       /* of HTTP/1.x: 0 or 1 */
	bool keep_alive;         /* what version and Connection ask for */
	uint64_t content_length; /* 0 when absent */
	struct request_header headers[REQUEST_HEADERS_MAX];
	size_t header_count;
};

/* Where looking for the end of the head stopped, so that a peer that sends byte by byte costs linear time. Zero to
 * start, and zero again for the next request on the connection. */
struct request_head_scan {
	size_t looked; /* bytes that need no second look */
};

/* Looks for the end of the head in the n bytes received until now. *length is the size of the head with its blank line,
 * 0 when more bytes are needed. Errors: ERR_HEADERS_TOO_LARGE beyond REQUEST_HEAD_BYTES_MAX; ERR_BAD_REQUEST at once
 * for a NUL, a bare LF or a bare CR, so that garbage is not waited for. */
enum err request_head_find(struct request_head_scan *scan, const char *p, size_t n, size_t *length) MUST_USE;

/* Parses a whole head, as request_head_find has found it. Errors: ERR_BAD_REQUEST, ERR_HEADERS_TOO_LARGE (too many
 * headers, or too long a target). */
enum err request_head_parse(const char *p, size_t n, struct request_head *out) MUST_USE;

/* The value of the first header of that name (ASCII case is ignored), {NULL, 0} when there is none. */
struct str request_head_header(const struct request_head *head, const char *name);

#endif
