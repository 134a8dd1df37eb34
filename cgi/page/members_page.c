/* The people of a workspace: found by any of their names, with their roles. */
#include "domain/guild/guild.h"
#include "domain/member/member.h"
#include "http/percent.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/role_view.h"
#include "page/settings.h"
#include "text/fragment.h"

enum { MEMBERS_SHOWN = 50 };

static const struct page_field fields[] = {{"q", false}, {NULL, false}};
static const struct page_form form = {fields, NULL};

/* The address of the next page, when the list is longer than what is shown; what is too much goes. */
static void cut_page(struct request *request, struct view *data, struct view *members, const char *query)
{
	struct buf *path = buf_in_arena(request->arena);
	struct view *last = members->first;

	view_put_null(request->arena, data, "next");
	if (view_count(members) <= MEMBERS_SHOWN)
		return;
	while (last->next != members->last)
		last = last->next;
	view_remove(members, members->last);
	struct str id = view_text(view_find(last, "user"), "id");
	buf_puts(path, page_guild_path(request, "/members?after="));
	buf_put(path, id.p, id.n);
	if (query != NULL) {
		buf_puts(path, "&q=");
		percent_encode(path, str_from(query));
	}
	view_put_text(request->arena, data, "next", str_from(path->p));
}

static void ready_member(struct request *request, const struct role_view *roles, int64_t owner_id, struct view *member)
{
	struct arena *arena = request->arena;
	struct view *user = view_find(member, "user");

	fragment_user(arena, user);
	role_view_put_pills(arena, roles, member);
	fragment_date(arena, member, "joined", view_text(member, "joined_at"));
	view_put_flag(arena, member, "is_owner", view_id(user, "id") == owner_id);
	view_put_flag(arena, member, "is_me", view_id(user, "id") == request->caller.user_id);
}

enum err page_members_show(struct request *request, struct response *response)
{
	const char *query = form_find(&request->query, "q");
	const struct member_page asked = {.after = page_after(request), .limit = MEMBERS_SHOWN + 1, .query = query};
	struct role_view roles;
	struct guild guild;
	struct page page;
	struct view *data, *members;
	int64_t member_count;

	TRY(role_view_load(request, &roles));
	TRY(guild_find(request->db, request->arena, request->path.guild_id, &guild));
	TRY(guild_count_members(request->db, guild.id, &member_count));
	page_begin(&page, request, response);
	page_csrf(&page);
	TRY(page_settings(&page, PAGE_AT_MEMBERS));
	jw_id(&page.jw, "guild_id", guild.id);
	jw_int(&page.jw, "member_count", member_count);
	jw_flag(&page.jw, "is_alone", member_count == 1);
	jw_flag(&page.jw, "may_invite", perm_has(request->permissions, PERM_CREATE_INVITE));
	TRY(member_list_to_json(request->db, request->arena, &page.jw, "members", guild.id, &asked));
	TRY(page_form(&page, &form, ERR_OK));
	TRY(page_data(&page, &data));
	members = view_find(data, "members");
	cut_page(request, data, members, query);
	for (struct view *each = members->first; each != NULL; each = each->next)
		ready_member(request, &roles, guild.owner_id, each);
	view_put_flag(request->arena, data, "has_members", members->first != NULL);
	return page_finish(&page, "page/members");
}
