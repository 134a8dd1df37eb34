/* Mail as bytes: RFC 5322 with a text and an HTML version of the same (RFC 2046, multipart/alternative). Whatever the
 * values are, they cannot end a header line or a part: addresses are checked, other text is encoded. */
#ifndef SNUG_TEXT_MIME_H
#define SNUG_TEXT_MIME_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum { MIME_ADDRESS_MAX = 254, MIME_LINE_MAX = 76 };

struct mime_mail {
	const char *from_name, *from, *to;
	const char *subject;
	const char *id;     /* of the Message-ID, before the @: letters and digits; it also makes the boundary */
	const char *domain; /* of the Message-ID, behind the @ */
	int64_t sent_at_ms;
	struct str text, html; /* UTF-8, lines end in LF */
};

/* Appends the whole mail, lines in CRLF, all of it ASCII. Errors: ERR_BAD_REQUEST when from or to is no address or the
 * id or domain has a character that does not belong there; then nothing was appended. */
enum err mime_write(const struct mime_mail *mail, struct buf *out) MUST_USE;

/* local@domain in ASCII without quotes, comments or spaces: what every server takes as it stands. */
bool mime_is_address(const char *address);

/* Appends text as quoted-printable (RFC 2045 section 6.7), lines in CRLF, the last one ended. */
void mime_quoted_printable(struct str text, struct buf *out);

/* Appends a header's value: as it is when it is printable ASCII, else as encoded words of UTF-8 (RFC 2047). */
void mime_header_text(const char *text, struct buf *out);

#endif
