/* Files and an S3-compatible service: copying one there, and removing one. Each by a child (work/s3_program.h); a
 * service that does not answer makes both wait (tasks.h), and files stay on this disk meanwhile. */
#ifndef SNUG_WORK_FILE_COPIES_H
#define SNUG_WORK_FILE_COPIES_H

#include "work/tasks.h"

extern const struct task_kind file_copy_tasks, file_remove_tasks;

#endif
