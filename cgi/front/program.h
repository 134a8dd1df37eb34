/* What snug-web and snug-api have in common from main to the pool: configuration, secrets, signals, the app of each
 * child. */
#ifndef SNUG_FRONT_PROGRAM_H
#define SNUG_FRONT_PROGRAM_H

#include "front/front.h"
#include "front/route.h"

struct program {
	const char *name; /* "snug-web" */
	enum app_kind kind;
	const char *store_path; /* the socket that gives this program its role */
	const struct route *routes;
	size_t route_count;
	front_refusal *error_page;
	const char *template_folder; /* NULL: none are needed */
};

/* Runs as `name --pool main|password` with what snug run hands down (run/README.md). Returns the exit status for main.
 */
int program_run(const struct program *program, int argc, char **argv);

#endif
