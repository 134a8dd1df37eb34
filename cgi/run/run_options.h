/* The options that commands share, as a person types them. */
#ifndef SNUG_RUN_OPTIONS_H
#define SNUG_RUN_OPTIONS_H

#include "base/err.h"

struct run_options {
	const char *data;   /* --data DIR, default "data" */
	const char *listen; /* --listen ADDR:PORT, default 127.0.0.1:8080 */
	const char *share;  /* --share DIR, or NULL */
	const char *config; /* --config FILE, or NULL */
	char **rest;        /* what stands behind the options; borrowed, NULL at its end */
	int rest_count;
};

/* Reads argv[1…]; argv[0] is the command. Options may stand anywhere before "--". On failure the person has been told.
 */
enum err run_options_read(int argc, char **argv, struct run_options *out) MUST_USE;

#endif
