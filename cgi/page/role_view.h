/* What the pages of roles and members know of a workspace's roles: all of them, and how high whoever asks stands. */
#ifndef SNUG_PAGE_ROLE_VIEW_H
#define SNUG_PAGE_ROLE_VIEW_H

#include "domain/perm.h"
#include "domain/role/role.h"
#include "front/front.h"
#include "json/view.h"

struct role_view {
	struct role *list; /* highest first, @everyone last */
	size_t count;
	struct perm_rank rank; /* of whoever asks */
	uint64_t bits;         /* what they may in the workspace */
};

/* Of the workspace and the person of the request. */
enum err role_view_load(struct request *request, struct role_view *out) MUST_USE;

/* NULL when the workspace has no such role. */
const struct role *role_view_find(const struct role_view *roles, int64_t role_id);

/* Whether whoever asks may change the role, and whether they may give it to somebody whom they manage. */
bool role_view_may_change(const struct role_view *roles, const struct role *role);
bool role_view_may_give(const struct role_view *roles, const struct role *role);

/* "#3498db" in the arena; NULL for a role without a colour. */
const char *role_view_color(struct arena *arena, const struct role *role);

/* Adds pills to the view of a member: {id, name, color_hex, may_take} of each of their roles, highest first. */
void role_view_put_pills(struct arena *arena, const struct role_view *roles, struct view *member);

#endif
