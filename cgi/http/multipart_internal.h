/* Between multipart.c, which finds parts, and multipart_head.c, which reads their headers. */
#ifndef SNUG_HTTP_MULTIPART_INTERNAL_H
#define SNUG_HTTP_MULTIPART_INTERNAL_H

#include "http/multipart.h"

/* Reads the headers of a part, CRLF after each, from head, which is changed: texts of *part lie in it. False when they
 * are malformed or say nothing of a form's field. */
bool multipart_head_read(char *head, size_t n, struct multipart_part *part);

#endif
