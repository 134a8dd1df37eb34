/* The folder of what people upload: files/ of the data folder, with files/incoming, where snug-web, snug-api and
 * snug-worker write, and folders in which the store keeps what is whole. lighttpd, which may not search the data
 * folder, gets a descriptor of files/ and reaches a file below it by its name alone. */
#ifndef SNUG_RUN_RUN_FILES_H
#define SNUG_RUN_RUN_FILES_H

#include "run/run_owner.h"

/* Makes both, and empties files/incoming: whoever wrote there has ended. *fd is files/, for names alone (O_PATH). On
 * failure the person has been told. */
enum err run_files_prepare(const struct run_owners *owners, int *fd) MUST_USE;

#endif
