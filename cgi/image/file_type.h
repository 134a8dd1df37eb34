/* What a file is, told by its content: libmagic ends here. It reads a stranger's bytes by thousands of rules, so it is
 * called in snug-picture alone, after that has confined itself. */
#ifndef SNUG_IMAGE_FILE_TYPE_H
#define SNUG_IMAGE_FILE_TYPE_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

enum { FILE_TYPE_SIZE = 101 };

/* Reads libmagic's database, which takes files: before the process is confined. False where there is none. */
bool file_type_open(void);

/* The MIME type, in lower case, as browsers know it. "application/octet-stream" for what nobody knows. */
void file_type_of(struct str file, char out[FILE_TYPE_SIZE]);

#endif
