/* Roles on pages: see role_view.h. */
#include "page/role_view.h"

#include "base/id.h"

#include <string.h>

enum err role_view_load(struct request *request, struct role_view *out)
{
	int64_t guild_id = request->path.guild_id, user_id = request->caller.user_id;

	out->bits = request->permissions;
	TRY(perm_rank_of_member(request->db, guild_id, user_id, &out->rank));
	return role_list(request->db, request->arena, guild_id, &out->list, &out->count);
}

const struct role *role_view_find(const struct role_view *roles, int64_t role_id)
{
	for (size_t i = 0; i < roles->count; i++) {
		if (roles->list[i].id == role_id)
			return &roles->list[i];
	}
	return NULL;
}

bool role_view_may_change(const struct role_view *roles, const struct role *role)
{
	const struct perm_rank rank = {.position = role->position, .role_id = role->id};

	return perm_has(roles->bits, PERM_MANAGE_ROLES) && perm_is_above(&roles->rank, &rank);
}

bool role_view_may_give(const struct role_view *roles, const struct role *role)
{
	return role->id != role->guild_id && role_view_may_change(roles, role) && perm_has(roles->bits, role->bits);
}

const char *role_view_color(struct arena *arena, const struct role *role)
{
	return role->color == 0 ? NULL : arena_printf(arena, "#%06x", (unsigned)role->color);
}

static bool has_role(const struct view *ids, const char *id)
{
	for (const struct view *each = ids != NULL ? ids->first : NULL; each != NULL; each = each->next) {
		if (str_eq_text(each->text, id))
			return true;
	}
	return false;
}

static void append_pill(struct arena *arena, const struct role_view *roles, const struct role *role, const char *id,
			struct view *pills)
{
	struct view *pill = view_new_object(arena);
	const char *color = role_view_color(arena, role);

	view_put_text(arena, pill, "id", str_from(id));
	view_put_text(arena, pill, "name", str_from(role->name));
	if (color != NULL)
		view_put_text(arena, pill, "color_hex", str_from(color));
	else
		view_put_null(arena, pill, "color_hex");
	view_put_flag(arena, pill, "may_take", role_view_may_change(roles, role));
	view_append(pills, pill);
}

void role_view_put_pills(struct arena *arena, const struct role_view *roles, struct view *member)
{
	const struct view *ids = view_find(member, "roles");
	struct view *pills = view_put_list(arena, member, "pills");

	for (size_t i = 0; i < roles->count; i++) {
		char *id = arena_alloc(arena, ID_TEXT_SIZE);

		id_format(roles->list[i].id, id);
		if (has_role(ids, id))
			append_pill(arena, roles, &roles->list[i], id, pills);
	}
}
