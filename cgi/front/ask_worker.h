/* Asking snug-worker while somebody waits: about a picture (front/picture.c), about a file (front/file_look.c). One
 * connection a question: it ends when either side does. A message holds the question and a descriptor; the answer is
 * the name of an error, and with "OK" a sealed memfd. The other side is work/picture_service.c. */
#ifndef SNUG_FRONT_ASK_WORKER_H
#define SNUG_FRONT_ASK_WORKER_H

#include "front/front.h"

/* attached stays the caller's. On ERR_OK *memory is the answer's memfd, which the caller closes; -1 when there is none.
 * Errors: the answer's; ERR_OVERLOADED when there are too many at once, or no worker. */
enum err ask_worker(const struct app *app, const char *question, int attached, int *memory) MUST_USE;

#endif
