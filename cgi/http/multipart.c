/* Finding the parts of a multipart body: see multipart.h. Called by front/decode.c; knows no descriptors.
 *
 * A boundary holds no CR, so the delimiter's only one is its first byte. Hence where a delimiter fails to match, no
 * later one can have begun inside of what had matched, but at the byte that failed: the search is linear and what is
 * held back is always a beginning of the delimiter. */
#include "http/multipart.h"

#include "http/chars.h"
#include "http/multipart_internal.h"

#include <string.h>

enum state {
	IN_PREAMBLE,
	IN_BODY,
	AFTER_DELIMITER, /* padding and CRLF, or "--" */
	IN_PADDING,
	AFTER_DASH,
	AFTER_CR,
	IN_HEAD,
	IN_EPILOGUE,
	MALFORMED,
};

/* bchars of RFC 2046, which also allows a blank, but not at the end. */
static bool is_boundary_char(char c)
{
	return chars_is_alpha(c) || chars_is_digit(c) || (c != '\0' && strchr("'()+_,-./:=? ", c) != NULL);
}

bool multipart_init(struct multipart *multipart, struct str boundary)
{
	*multipart = (struct multipart){.state = MALFORMED};
	if (boundary.n == 0 || boundary.n > MULTIPART_BOUNDARY_MAX || boundary.p[boundary.n - 1] == ' ')
		return false;
	for (size_t i = 0; i < boundary.n; i++) {
		if (!is_boundary_char(boundary.p[i]))
			return false;
	}
	memcpy(multipart->delimiter, "\r\n--", 4);
	memcpy(multipart->delimiter + 4, boundary.p, boundary.n);
	multipart->delimiter_n = boundary.n + 4;
	multipart->state = IN_PREAMBLE;
	multipart->matched = multipart->implied = 2; /* the beginning of the text is the beginning of a line */
	return true;
}

static void advance(struct str *piece, size_t n)
{
	piece->p += n;
	piece->n -= n;
}

/* Matches on from what is held back; true when the whole delimiter has been seen. What turns out to be none is left in
 * *refuted: what was held back, which reads like the delimiter. */
static bool delimiter_match(struct multipart *multipart, struct str *piece, struct str *refuted)
{
	*refuted = STR("");
	while (piece->n > 0 && multipart->matched < multipart->delimiter_n) {
		if (piece->p[0] != multipart->delimiter[multipart->matched]) {
			*refuted = (struct str){multipart->delimiter + multipart->implied,
						multipart->matched - multipart->implied};
			multipart->matched = multipart->implied = 0;
			return false;
		}
		multipart->matched++;
		advance(piece, 1);
	}
	if (multipart->matched < multipart->delimiter_n)
		return false;
	multipart->matched = multipart->implied = 0;
	return true;
}

/* Takes what cannot begin a delimiter. */
static struct str plain_take(struct str *piece)
{
	const char *cr = memchr(piece->p, '\r', piece->n);
	struct str plain = {piece->p, cr != NULL ? (size_t)(cr - piece->p) : piece->n};

	advance(piece, plain.n);
	return plain;
}

static void preamble_skip(struct multipart *multipart, struct str *piece)
{
	struct str refuted;

	while (piece->n > 0) {
		if (multipart->matched == 0)
			(void)plain_take(piece);
		if (delimiter_match(multipart, piece, &refuted)) {
			multipart->state = AFTER_DELIMITER;
			return;
		}
	}
}

static enum multipart_event body_read(struct multipart *multipart, struct str *piece)
{
	struct str refuted;

	while (piece->n > 0) {
		if (multipart->matched == 0) {
			multipart->data = plain_take(piece);
			if (multipart->data.n > 0)
				return MULTIPART_DATA;
		}
		if (delimiter_match(multipart, piece, &refuted)) {
			multipart->state = AFTER_DELIMITER;
			return MULTIPART_PART_END;
		}
		if (refuted.n > 0) {
			multipart->data = refuted;
			return MULTIPART_DATA;
		}
	}
	return MULTIPART_NEEDS_MORE;
}

static enum multipart_event fail(struct multipart *multipart)
{
	multipart->state = MALFORMED;
	return MULTIPART_MALFORMED;
}

/* Adds the piece to the headers, up to the empty line that ends them. */
static enum multipart_event head_gather(struct multipart *multipart, struct str *piece)
{
	while (piece->n > 0) {
		char *head = multipart->head;

		if (multipart->head_n == MULTIPART_HEAD_MAX)
			return fail(multipart);
		head[multipart->head_n++] = piece->p[0];
		advance(piece, 1);
		if (multipart->head_n < 2 || memcmp(head + multipart->head_n - 2, "\r\n", 2) != 0)
			continue;
		if (multipart->head_n > 2 &&
		    (multipart->head_n < 4 || memcmp(head + multipart->head_n - 4, "\r\n", 2) != 0))
			continue;
		if (!multipart_head_read(head, multipart->head_n - 2, &multipart->part))
			return fail(multipart);
		multipart->state = IN_BODY;
		multipart->matched = multipart->implied = 2; /* an empty body ends at the empty line before it */
		return MULTIPART_PART;
	}
	return MULTIPART_NEEDS_MORE;
}

/* One byte of what may stand behind a delimiter. */
static enum multipart_event delimiter_end(struct multipart *multipart, char c)
{
	bool is_behind = multipart->state == AFTER_DELIMITER || multipart->state == IN_PADDING;

	if (is_behind && (c == ' ' || c == '\t' || c == '\r')) {
		multipart->state = c == '\r' ? AFTER_CR : IN_PADDING;
		return MULTIPART_NEEDS_MORE;
	}
	if (multipart->state == AFTER_DELIMITER && c == '-') {
		multipart->state = AFTER_DASH;
		return MULTIPART_NEEDS_MORE;
	}
	if (multipart->state == AFTER_DASH && c == '-') {
		multipart->state = IN_EPILOGUE;
		return MULTIPART_END;
	}
	if (multipart->state == AFTER_CR && c == '\n' && multipart->part_count < MULTIPART_PARTS_MAX) {
		multipart->part_count++;
		multipart->head_n = 0;
		multipart->state = IN_HEAD;
		return MULTIPART_NEEDS_MORE;
	}
	return fail(multipart);
}

enum multipart_event multipart_next(struct multipart *multipart, struct str *piece)
{
	enum multipart_event event = multipart->state == MALFORMED ? MULTIPART_MALFORMED : MULTIPART_NEEDS_MORE;

	while (event == MULTIPART_NEEDS_MORE && piece->n > 0) {
		switch ((enum state)multipart->state) {
		case IN_PREAMBLE:
			preamble_skip(multipart, piece);
			break;
		case IN_BODY:
			event = body_read(multipart, piece);
			break;
		case AFTER_DELIMITER:
		case IN_PADDING:
		case AFTER_DASH:
		case AFTER_CR:
			event = delimiter_end(multipart, piece->p[0]);
			advance(piece, 1);
			break;
		case IN_HEAD:
			event = head_gather(multipart, piece);
			break;
		case IN_EPILOGUE:
			advance(piece, piece->n);
			break;
		case MALFORMED:
			event = MULTIPART_MALFORMED;
			break;
		}
	}
	return event;
}

bool multipart_is_done(const struct multipart *multipart)
{
	return multipart->state == IN_EPILOGUE;
}
