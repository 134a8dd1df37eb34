/* A backup while everything runs: pages are copied between groups by the connection that writes, so the copy stays in
 * step. */
#ifndef SNUG_STORE_BACKUP_H
#define SNUG_STORE_BACKUP_H

#include "sql/sql_writer.h"

struct backup {
	struct sql_backup *copy; /* NULL when none is under way */
	int file;                /* of the copy, while one is under way */
	int client_fd;           /* who waits for it; -1 when gone */
	char path[64];           /* relative to the data folder */
};

void backup_init(struct backup *backup);

/* Begins one. ERR_OVERLOADED while another is under way. */
enum err backup_begin(struct backup *backup, struct sql *db, int client_fd) MUST_USE;

static inline bool backup_is_running(const struct backup *backup)
{
	return backup->copy != NULL;
}

/* Copies some pages. True when it ended: *err says how, and the file stands under path when ERR_OK. */
bool backup_step(struct backup *backup, enum err *err);

void backup_abandon(struct backup *backup);

#endif
