/* The errors that a web server finds by itself: status.def. snug run writes a document for each, and snug-api tells of
 * them in the form that the path calls for. */
#ifndef SNUG_HTTP_STATUS_H
#define SNUG_HTTP_STATUS_H

#include <stdbool.h>
#include <stddef.h>

struct status_row {
	int status;
	int code; /* of the JSON form */
	const char *text;
	bool is_retryable;
};

/* All of them: rows 0 to *count - 1. */
const struct status_row *status_rows(size_t *count);

/* The row of a status; that of 500 when it has none. Never NULL. */
const struct status_row *status_find(int status);

#endif
