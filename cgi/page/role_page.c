/* One role: what it is called and allows, who has it, and its end. */
#include "domain/guild/guild.h"
#include "domain/member/member.h"
#include "domain/role/role.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/page_input.h"
#include "page/permissions.h"
#include "page/role_view.h"
#include "page/settings.h"
#include "text/fragment.h"

#include <stdlib.h>
#include <string.h>

enum { MEMBERS_SHOWN = 50, SUGGESTIONS = 200 };

static const struct page_field fields[] = {{"name", false}, {"username", false}, {NULL, false}};
static const struct page_blame blames[] = {{ERR_UNKNOWN_MEMBER, "username"}, {ERR_OK, NULL}};
static const struct page_form form = {fields, blames};

static const char *own_path(struct request *request)
{
	return page_guild_path(request, arena_printf(request->arena, "/roles/%lld", (long long)request->path.role_id));
}

/* A box says whether there is a colour, because a field for colours always holds one: "#3498db". */
static int64_t color_of(const struct form *typed)
{
	const char *text = form_find(typed, "color");

	if (form_find(typed, "has_color") == NULL || text == NULL || strlen(text) != 7 || text[0] != '#' ||
	    strspn(text + 1, "0123456789abcdefABCDEF") != 6)
		return 0;
	return strtoll(text + 1, NULL, 16);
}

/* The role as the form that was refused would have it; before there is one, as it is. */
static struct role typed(struct request *request, const struct role_view *roles, const struct role *role)
{
	const char *shown = form_find(&request->form, "shown");
	struct role as_typed = *role;

	if (shown == NULL)
		return as_typed;
	as_typed.bits = permissions_read(&request->form, role->bits, strtoull(shown, NULL, 10), roles->bits);
	if (role->id == role->guild_id)
		return as_typed;
	as_typed.color = color_of(&request->form);
	as_typed.is_hoisted = form_find(&request->form, "hoist") != NULL;
	as_typed.is_mentionable = form_find(&request->form, "mentionable") != NULL;
	return as_typed;
}

static void write_role(struct page *page, const struct role_view *roles, const struct role *role)
{
	bool is_everyone = role->id == role->guild_id, may_change = role_view_may_change(roles, role);
	struct role as_typed = typed(page->request, roles, role);
	struct jw *jw = &page->jw;

	jw_object(jw, "role");
	jw_id(jw, "id", role->id);
	jw_text(jw, "name", role->name);
	jw_bits(jw, "permissions", role->bits);
	jw_text(jw, "color_hex", role_view_color(page->request->arena, &as_typed));
	jw_flag(jw, "is_hoisted", as_typed.is_hoisted);
	jw_flag(jw, "is_mentionable", as_typed.is_mentionable);
	jw_flag(jw, "is_everyone", is_everyone);
	jw_object_end(jw);
	jw_flag(jw, "may_change", may_change);
	jw_flag(jw, "may_name", may_change && !is_everyone);
	jw_flag(jw, "may_give", role_view_may_give(roles, role));
	permissions_write(jw, "groups", as_typed.bits, may_change ? roles->bits : 0);
}

/* Who has it: of @everyone that is everybody, whom the page of members shows. */
static enum err write_members(struct page *page, const struct role *role)
{
	struct request *request = page->request;
	const struct member_page some = {.role_id = role->id, .limit = MEMBERS_SHOWN + 1, .after = page_after(request)};
	const struct member_page all = {.limit = SUGGESTIONS};

	if (role->id == role->guild_id) {
		jw_array(&page->jw, "members");
		jw_array_end(&page->jw);
		jw_array(&page->jw, "suggestions");
		jw_array_end(&page->jw);
		return ERR_OK;
	}
	TRY(member_list_to_json(request->db, request->arena, &page->jw, "members", role->guild_id, &some));
	return member_list_to_json(request->db, request->arena, &page->jw, "suggestions", role->guild_id, &all);
}

/* The last of a list that is one longer than what is shown goes; next is then the id to go on after, else null. */
static void cut_page(struct arena *arena, struct view *data, struct view *list, size_t shown)
{
	struct view *last = NULL;

	view_put_null(arena, data, "next");
	if (view_count(list) <= shown)
		return;
	for (struct view *each = list->first; each->next != NULL; each = each->next)
		last = each;
	view_remove(list, list->last);
	view_put(arena, data, "next", view_find(view_find(last, "user"), "id"));
}

static void ready_members(struct request *request, struct view *data)
{
	struct view *members = view_find(data, "members");

	cut_page(request->arena, data, members, MEMBERS_SHOWN);
	for (struct view *each = members->first; each != NULL; each = each->next)
		fragment_user(request->arena, view_find(each, "user"));
	view_put_flag(request->arena, data, "has_members", members->first != NULL);
}

static enum err render(struct request *request, struct response *response, enum err why)
{
	struct form *initial = arena_alloc(request->arena, sizeof(*initial));
	struct role_view roles;
	struct page page;
	struct view *data;

	TRY(page_read_again(request));
	TRY(role_view_load(request, &roles));
	const struct role *role = role_view_find(&roles, request->path.role_id);
	if (role == NULL)
		return ERR_UNKNOWN_ROLE;
	page_form_put(initial, "name", role->name);
	page_begin(&page, request, response);
	page_csrf(&page);
	TRY(page_settings(&page, PAGE_AT_ROLES));
	jw_id(&page.jw, "guild_id", request->path.guild_id);
	write_role(&page, &roles, role);
	TRY(write_members(&page, role));
	TRY(page_form_of(&page, &form, initial, why));
	TRY(page_data(&page, &data));
	ready_members(request, data);
	return page_finish(&page, "page/role");
}

enum err page_role_show(struct request *request, struct response *response)
{
	return render(request, response, ERR_OK);
}

void page_role_refused(struct request *request, struct response *response, enum err why)
{
	if (render(request, response, why) == ERR_OK)
		return;
	reply_clear(response);
	page_error(request, response, why);
}

static enum err find_role(struct request *request, struct role_view *roles, const struct role **role)
{
	TRY(role_view_load(request, roles));
	*role = role_view_find(roles, request->path.role_id);
	return *role != NULL ? ERR_OK : ERR_UNKNOWN_ROLE;
}

enum err page_role_save(struct request *request, struct response *response)
{
	struct page_input input;
	struct op_reply reply;
	struct role_view roles;
	const struct role *role;

	TRY(find_role(request, &roles, &role));
	struct role as_typed = typed(request, &roles, role);
	page_input_begin(&input, request);
	jw_bits(&input.jw, "permissions", as_typed.bits);
	if (role->id != role->guild_id) {
		page_input_text(&input, "name");
		jw_int(&input.jw, "color", as_typed.color);
		jw_flag(&input.jw, "hoist", as_typed.is_hoisted);
		jw_flag(&input.jw, "mentionable", as_typed.is_mentionable);
	}
	TRY(page_input_submit(&input, OP_role_update, &reply));
	page_done(request, response, own_path(request), PAGE_DONE_SAVED);
	return ERR_OK;
}

enum err page_role_delete(struct request *request, struct response *response)
{
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	TRY(page_input_submit(&input, OP_role_delete, &reply));
	page_done(request, response, page_guild_path(request, "/roles"), PAGE_DONE_DELETED);
	return ERR_OK;
}

enum err page_role_member_add(struct request *request, struct response *response)
{
	const char *username = form_find(&request->form, "username");
	struct page_input input;
	struct op_reply reply;
	int64_t user_id = 0;

	if (username != NULL && username[0] == '@')
		username++;
	if (username != NULL)
		TRY(guild_find_member(request->db, request->path.guild_id, username, &user_id));
	if (user_id == 0)
		return ERR_UNKNOWN_MEMBER;
	page_input_begin(&input, request);
	jw_id(&input.jw, "user_id", user_id);
	TRY(page_input_submit(&input, OP_member_role_add, &reply));
	page_done(request, response, own_path(request), PAGE_DONE_ADDED);
	return ERR_OK;
}

enum err page_role_member_remove(struct request *request, struct response *response)
{
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	TRY(page_input_submit(&input, OP_member_role_remove, &reply));
	page_done(request, response, own_path(request), PAGE_DONE_REMOVED);
	return ERR_OK;
}
