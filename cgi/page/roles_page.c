/* The roles of a workspace, highest first: their order, and making one. */
#include "domain/role/role.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/page_input.h"
#include "page/role_view.h"
#include "page/settings.h"

#include <string.h>

static const struct page_field fields[] = {{"name", false}, {NULL, false}};
static const struct page_form form = {fields, NULL};

static void write_role(struct page *page, const struct role_view *roles, size_t i, int64_t member_count)
{
	const struct role *role = &roles->list[i];
	bool is_everyone = role->id == role->guild_id, may_change = role_view_may_change(roles, role);
	struct jw *jw = &page->jw;

	jw_object(jw, NULL);
	jw_id(jw, "id", role->id);
	jw_text(jw, "name", role->name);
	jw_text(jw, "color_hex", role_view_color(page->request->arena, role));
	jw_int(jw, "member_count", member_count);
	jw_flag(jw, "is_one", member_count == 1);
	jw_flag(jw, "is_everyone", is_everyone);
	jw_flag(jw, "is_administrator", perm_has(role->bits, PERM_ADMINISTRATOR));
	jw_flag(jw, "is_highest_own", !roles->rank.is_owner && roles->rank.role_id == role->id && !is_everyone);
	jw_flag(jw, "may_change", may_change);
	jw_flag(jw, "may_rise",
		may_change && !is_everyone && i > 0 && role_view_may_change(roles, &roles->list[i - 1]));
	jw_flag(jw, "may_sink", may_change && !is_everyone && i + 2 < roles->count);
	jw_object_end(jw);
}

static enum err write_roles(struct page *page)
{
	struct request *request = page->request;
	struct role_view roles;
	int64_t counts[ROLES_MAX];

	TRY(role_view_load(request, &roles));
	TRY(role_count_members(request->db, request->path.guild_id, roles.list, roles.count, counts));
	jw_array(&page->jw, "roles");
	for (size_t i = 0; i < roles.count; i++)
		write_role(page, &roles, i, counts[i]);
	jw_array_end(&page->jw);
	return ERR_OK;
}

static enum err render(struct request *request, struct response *response, enum err why)
{
	struct page page;

	TRY(page_read_again(request));
	page_begin(&page, request, response);
	page_csrf(&page);
	TRY(page_settings(&page, PAGE_AT_ROLES));
	jw_id(&page.jw, "guild_id", request->path.guild_id);
	TRY(write_roles(&page));
	TRY(page_form(&page, &form, why));
	return page_finish(&page, "page/roles");
}

enum err page_roles_show(struct request *request, struct response *response)
{
	return render(request, response, ERR_OK);
}

void page_roles_refused(struct request *request, struct response *response, enum err why)
{
	if (render(request, response, why) == ERR_OK)
		return;
	reply_clear(response);
	page_error(request, response, why);
}

/* Of a new role that is made here everything is to be said still: it begins with nothing beyond what everyone has. */
enum err page_role_create(struct request *request, struct response *response)
{
	struct page_input input;
	struct op_reply reply;
	struct view *result;

	page_input_begin(&input, request);
	page_input_text(&input, "name");
	jw_bits(&input.jw, "permissions", 0);
	TRY(page_input_submit(&input, OP_role_create, &reply));
	TRY(view_parse(request->arena, reply.result.p, reply.result.n, &result));
	int64_t role_id = view_id(view_find(result, "role"), "id");
	page_done(request, response,
		  page_guild_path(request, arena_printf(request->arena, "/roles/%lld", (long long)role_id)),
		  PAGE_DONE_CREATED);
	return ERR_OK;
}

static void write_place(struct jw *jw, const struct role *role, int64_t position)
{
	jw_object(jw, NULL);
	jw_id(jw, "id", role->id);
	jw_int(jw, "position", position);
	jw_object_end(jw);
}

/* Where two that trade places share a number, which is nobody's but all of theirs, the whole order is said. */
static void write_order(struct jw *jw, const struct role_view *roles, size_t from, size_t to)
{
	size_t last = roles->count - 2; /* above @everyone */

	jw_array(jw, "items");
	if (roles->list[from].position != roles->list[to].position) {
		write_place(jw, &roles->list[from], roles->list[to].position);
	} else {
		for (size_t i = 0; i <= last; i++) {
			size_t at = i == from ? to : i == to ? from : i;
			write_place(jw, &roles->list[i], (int64_t)(last + 1 - at));
		}
	}
	jw_array_end(jw);
}

enum err page_role_move(struct request *request, struct response *response)
{
	const char *direction = form_find(&request->form, "direction");
	bool is_up = direction != NULL && strcmp(direction, "up") == 0;
	struct page_input input;
	struct op_reply reply;
	struct role_view roles;

	TRY(role_view_load(request, &roles));
	const struct role *role = role_view_find(&roles, request->path.role_id);
	if (role == NULL || role->id == role->guild_id)
		return ERR_UNKNOWN_ROLE;
	size_t from = (size_t)(role - roles.list), last = roles.count - 2;
	if (is_up ? from > 0 : from < last) {
		page_input_begin(&input, request);
		write_order(&input.jw, &roles, from, is_up ? from - 1 : from + 1);
		TRY(page_input_submit(&input, OP_role_move, &reply));
	}
	reply_redirect(response,
		       page_guild_path(request, arena_printf(request->arena, "/roles#r-%lld", (long long)role->id)));
	return ERR_OK;
}
