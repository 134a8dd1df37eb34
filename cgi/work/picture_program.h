/* snug-picture: a picture in as stdin, the same as a square WebP out as stdout. Its exit status is a child_verdict. */
#ifndef SNUG_WORK_PICTURE_PROGRAM_H
#define SNUG_WORK_PICTURE_PROGRAM_H

#include <stddef.h>

enum { PICTURE_SIDE_MIN = 16, PICTURE_SIDE_MAX = 1024 };

/* argv[1] is the side in pixels. */
int picture_program(int argc, char **argv);

/* A side as text; 0 when it is none. */
int picture_side_parse(const char *text);

#endif
