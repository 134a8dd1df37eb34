/* Bodies that lighttpd is still receiving lie in run/upload, and strangers can send them: many, slowly, and never the
 * end. Their number is bounded by connections, their sum by this. */
#ifndef SNUG_RUN_UPLOADS_H
#define SNUG_RUN_UPLOADS_H

#include "base/config.h"

#include <stdint.h>

enum { RUN_UPLOADS_EVERY_MS = 1000 };

/* How much they may take: a few of the largest requests that are taken. */
int64_t run_uploads_max_bytes(const struct config *config);

/* When the files of the folder take more than max_bytes, empties the oldest until half of that is left: their requests
 * fail, the young ones go on. Returns the bytes that were freed. */
int64_t run_uploads_trim(const char *folder, int64_t max_bytes);

#endif
