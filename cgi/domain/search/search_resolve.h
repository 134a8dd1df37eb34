/* A query whose names have become ids. */
#ifndef SNUG_DOMAIN_SEARCH_RESOLVE_H
#define SNUG_DOMAIN_SEARCH_RESOLVE_H

#include "domain/search/search_access.h"
#include "domain/search/search_query.h"

enum { SEARCH_TARGETS_MAX = 64 };

/* Any of these, when is_asked; none of the others. */
struct search_targets {
	int64_t any[SEARCH_TARGETS_MAX], none[SEARCH_TARGETS_MAX];
	size_t any_count, none_count;
	bool is_asked;
};

struct search_resolved {
	struct search_targets authors, mentioned;
	struct search_targets places;              /* channels that the user may read, with their public threads */
	struct search_targets threads;             /* asked together with places */
	const char *unknown_filter, *unknown_name; /* as in struct search_result */
};

/* Looks the query's names up among what the user may see. */
enum err search_resolve(struct sql *db, struct arena *arena, const struct search_access *access,
			const struct search_query *query, struct search_resolved *out) MUST_USE;

#endif
