/* Where somebody may read now, as the index is asked for it and as each hit is checked. */
#ifndef SNUG_DOMAIN_SEARCH_ACCESS_H
#define SNUG_DOMAIN_SEARCH_ACCESS_H

#include "domain/search/search.h"

/* Ids, ascending. */
struct search_ids {
	int64_t *list;
	size_t count;
};

struct search_access {
	struct search_scope scope;
	struct search_ids readable; /* channels; of a direct message or group that one alone */
	struct search_ids hidden;   /* the workspace's other channels */
	struct search_ids managed;  /* those of readable in which all private threads are */
	struct search_ids threads;  /* private ones that this user is in */
};

bool search_ids_has(const struct search_ids *ids, int64_t id);

/* Reads it. ERR_UNKNOWN_GUILD and ERR_UNKNOWN_CHANNEL for strangers; ERR_MISSING_PERMISSIONS where the scope is one
 * channel whose history may not be read. */
enum err search_access_load(struct sql *db, struct arena *arena, const struct search_scope *scope,
			    struct search_access *out) MUST_USE;

/* Whether what stands in that channel or thread may be read. */
bool search_access_has(const struct search_access *access, int64_t channel_id, int type, int64_t parent_id);

#endif
