/* Everything lighttpd reads: its configuration, its error documents, the certificate. */
#ifndef SNUG_RUN_LIGHTTPD_H
#define SNUG_RUN_LIGHTTPD_H

#include "run/run_config.h"
#include "run/run_limits.h"
#include "run/run_owner.h"
#include "run/run_publish.h"

/* Writes run/lighttpd.conf and run/errors/ from share/conf, and makes the folders that lighttpd writes to, empty and
 * its own. On failure the person has been told. */
enum err run_lighttpd_write(const char *share, const struct run_config *config, const struct run_limits *limits,
			    const struct run_owners *owners, const char *version) MUST_USE;

/* Copies certificate and key into memory, since lighttpd's user can read neither: descriptors that close on exec, -1
 * without https. On failure the person has been told, and nothing is open. */
enum err run_lighttpd_certificate(const struct run_config *config, int *certificate_fd, int *key_fd) MUST_USE;

#endif
