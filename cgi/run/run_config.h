/* The configuration as a whole: read from the file, then the environment, and checked for what holds together. */
#ifndef SNUG_RUN_CONFIG_H
#define SNUG_RUN_CONFIG_H

#include "base/config.h"
#include "run/run_address.h"

#include <stdbool.h>

struct run_config {
	struct config values;
	struct run_address listen;
	bool is_https;        /* lighttpd speaks it: tls_certificate and tls_key are set */
	bool needs_code;      /* people elsewhere may reach this instance: the first account needs the set-up code */
	char public_url[512]; /* never empty: public_url, or made of the listen address */
};

/* Reads config_file (NULL: none), or snug.conf in the working directory when that exists, then SNUG_<KEY>; checks all.
 * On failure the person has been told. */
enum err run_config_load(const char *config_file, const char *listen, struct run_config *out) MUST_USE;
void run_config_free(struct run_config *config);

/* Once the listening socket is bound: its port may have been chosen by the system (0). */
void run_config_listens(struct run_config *config, const struct run_address *bound);

/* The link that a person opens, with an address of this machine in place of 0.0.0.0, without a slash at the end. */
void run_config_link(const struct run_config *config, char *out, size_t size);

#endif
