/* multipart/form-data (RFC 7578, RFC 2046 section 5.1): how browsers send forms with files. A parser that is fed pieces
 * of any size and gives events; it keeps nothing of a part but its headers, so a file may be longer than memory.
 *
 *   multipart_init(&multipart, boundary);
 *   while ((event = multipart_next(&multipart, &piece)) …)   // piece shrinks by what was taken
 *
 * Grammar: [preamble CRLF] delimiter *(padding CRLF headers CRLF body CRLF delimiter) "--" [epilogue], where a
 * delimiter is "--" and the boundary. The first one may stand at the very beginning, and nothing need follow the last.
 * Lines end with CRLF alone: two readers that differ in what ends a line would see different parts. */
#ifndef SNUG_HTTP_MULTIPART_H
#define SNUG_HTTP_MULTIPART_H

#include "base/str.h"

#include <stdbool.h>

enum {
	MULTIPART_BOUNDARY_MAX = 70, /* RFC 2046 */
	MULTIPART_HEAD_MAX =
	    48 * 1024,             /* bytes of one part's headers: bounds what is kept, and how long a name may be */
	MULTIPART_PARTS_MAX = 100, /* bounds how many events a body of bare delimiters makes */
	MULTIPART_NAME_MAX = 64,   /* bytes, as FORM_NAME_MAX */
	MULTIPART_FILE_NAME_MAX =
	    40 * 1024, /* bytes of the name of a file: 10,000 characters; domain/file shortens it */
};

enum multipart_event {
	MULTIPART_NEEDS_MORE, /* the piece is used up */
	MULTIPART_PART,       /* a part begins: its headers are in multipart->part */
	MULTIPART_DATA,       /* multipart->data is the next of its bytes, borrowed until the next call */
	MULTIPART_PART_END,
	MULTIPART_END,      /* the last delimiter was there; what follows it is ignored */
	MULTIPART_MALFORMED /* and stays so */
};

/* What a part's headers say. Texts are NUL-terminated, valid UTF-8 without control characters, and lie in the parser
 * until the next part. */
struct multipart_part {
	const char *name;
	const char *file_name;    /* the last component, whatever folders were named; NULL: the part is no file */
	const char *content_type; /* as sent, not believed; "" when it was not said */
};

struct multipart {
	int state;
	char delimiter[MULTIPART_BOUNDARY_MAX + 5]; /* CRLF "--" boundary */
	size_t delimiter_n;
	size_t matched; /* bytes of the delimiter that were seen and are held back */
	size_t implied; /* the first so many of them stood before what is being read, and are no part of it */
	char head[MULTIPART_HEAD_MAX + 1];
	size_t head_n;
	int part_count;
	struct multipart_part part;
	struct str data;
};

/* boundary is that of the Content-Type header, without quotes; it is copied. False when RFC 2046 allows no such one. */
bool multipart_init(struct multipart *multipart, struct str boundary);

/* Reads on until there is something to say. */
enum multipart_event multipart_next(struct multipart *multipart, struct str *piece);

/* Whether the body was whole: call it when there is no more to feed. */
bool multipart_is_done(const struct multipart *multipart);

#endif
