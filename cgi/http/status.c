/* The errors that a web server finds by itself: see status.h. */
#include "http/status.h"

static const struct status_row rows[] = {
#define STATUS(status, code, text, is_retryable) {status, code, text, is_retryable},
#include "http/status.def"
#undef STATUS
};

const struct status_row *status_rows(size_t *count)
{
	*count = sizeof(rows) / sizeof(rows[0]);
	return rows;
}

const struct status_row *status_find(int status)
{
	const struct status_row *found = NULL;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].status == status || (found == NULL && rows[i].status == 500))
			found = &rows[i];
		if (rows[i].status == status)
			break;
	}
	return found;
}
