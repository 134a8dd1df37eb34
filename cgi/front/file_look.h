/* What an uploaded file is, told by a confined child of snug-worker, which alone parses it: its type (libmagic), of a
 * picture how large it is, and its bytes without what cameras and programs write beside the picture. */
#ifndef SNUG_FRONT_FILE_LOOK_H
#define SNUG_FRONT_FILE_LOOK_H

#include "front/file_upload.h"

/* Fills in type, width and height of a file that was received whole; replaces it by one without metadata where it had
 * some. What the child did not survive is a file of no known type, to be downloaded only. Errors: ERR_OVERLOADED,
 * ERR_STORAGE_FULL. */
enum err file_look(struct request *request, struct file_upload *file) MUST_USE;

#endif
