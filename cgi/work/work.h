/* snug-worker's loop: pictures for the front, and jobs. One process, no threads; what is slow or dangerous is done by
 * children (work/child.h), which this loop starts, waits for and kills when they are late. */
#ifndef SNUG_WORK_WORK_H
#define SNUG_WORK_WORK_H

#include "base/config.h"

struct work_options {
	const struct config *config;
	const char *smtp_password, *s3_secret_key; /* "" without */
	int picture_web_fd, picture_api_fd;        /* listening, not blocking; -1: nobody asks there */
	int picture_program, mail_program, fetch_program, s3_program; /* to be executed */
	const char *database_path, *store_path, *bell_path, *templates_path;
};

/* Serves until SIGTERM, then finishes what is in hand within WORK_END_MS. Returns the exit status. */
int work_run(const struct work_options *options);

#define WORK_END_MS 1500

#endif
