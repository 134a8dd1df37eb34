/* snug-picture: a stranger's file in as stdin, what is to be known of it out as stdout. Its exit status is a
 * child_verdict. Its argument says what is asked:
 *
 *   256         the same picture as a square WebP of that side
 *   look        what the file is, of a picture how large, and it without metadata: "type width height 1\n" and the file
 *   thumbnail   a still WebP of at most FILE_THUMBNAIL_SIDE: "width height is_animated\n" and the picture */
#ifndef SNUG_WORK_PICTURE_PROGRAM_H
#define SNUG_WORK_PICTURE_PROGRAM_H

#include <stddef.h>

enum { PICTURE_SIDE_MIN = 16, PICTURE_SIDE_MAX = 1024, PICTURE_FILE_MAX_BYTES = 100 * 1024 * 1024 };

#define PICTURE_LOOK "look"
#define PICTURE_THUMBNAIL "thumbnail"

int picture_program(int argc, char **argv);

/* A side as text; 0 when it is none. */
int picture_side_parse(const char *text);

#endif
