/* The spans that are open in a line of text. md4c 0.4.8 does not always leave the spans that it entered, nor enter
 * those that it leaves (an asterisk in an address that it recognises is one way), so what is open is kept here: leaving
 * closes what is open of that kind with all that is in it, or nothing. */
#ifndef SNUG_TEXT_MARKDOWN_SPANS_H
#define SNUG_TEXT_MARKDOWN_SPANS_H

#include "text/markdown.h"

#include <md4c.h>
#include <stdbool.h>

struct markdown_spans {
	MD_SPANTYPE types[MARKDOWN_SPAN_DEPTH_MAX + 1]; /* from 1 on; at 0 is the line itself */
	int depth;
	int beyond; /* entered when no more could be open */
};

/* Whether it is open now; one too many is passed over. */
bool markdown_spans_enter(struct markdown_spans *spans, MD_SPANTYPE type);

/* How many of the innermost are to be closed, by markdown_spans_close. */
int markdown_spans_leave(struct markdown_spans *spans, MD_SPANTYPE type);

/* At the end of a line: all of them. */
int markdown_spans_end(struct markdown_spans *spans);

/* Closes the innermost, and says what it was. */
MD_SPANTYPE markdown_spans_close(struct markdown_spans *spans);

bool markdown_span_is_link(MD_SPANTYPE type); /* pictures are links */

#endif
