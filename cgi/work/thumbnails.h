/* Thumbnails of uploaded pictures: a child makes one of the file (work/picture_program.h), the store is told. */
#ifndef SNUG_WORK_THUMBNAILS_H
#define SNUG_WORK_THUMBNAILS_H

#include "work/tasks.h"

extern const struct task_kind thumbnail_tasks;

#endif
