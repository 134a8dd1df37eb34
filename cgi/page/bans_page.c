/* Who is banned from a workspace, why and by whom; lifting a ban. */
#include "domain/ban/ban.h"
#include "domain/user/user.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/page_input.h"
#include "page/settings.h"
#include "text/fragment.h"

enum { BANS_SHOWN = 50 };

/* Who banned them is an id in the view, because the account may be gone. */
static enum err ready_ban(struct request *request, struct view *ban)
{
	struct arena *arena = request->arena;
	struct user user;
	enum err e = user_find(request->db, arena, view_id(ban, "banned_by"), &user);

	fragment_user(arena, view_find(ban, "user"));
	fragment_moment(arena, ban, "moment", view_text(ban, "created_at"));
	if (e == ERR_OK)
		view_put_text(arena, ban, "by", str_from(user_shown_name(&user)));
	else
		view_put_null(arena, ban, "by");
	return e == ERR_UNKNOWN_USER ? ERR_OK : e;
}

static void cut_page(struct arena *arena, struct view *data, struct view *bans)
{
	struct view *last = bans->first;

	view_put_null(arena, data, "next");
	if (view_count(bans) <= BANS_SHOWN)
		return;
	while (last->next != bans->last)
		last = last->next;
	view_remove(bans, bans->last);
	view_put(arena, data, "next", view_find(view_find(last, "user"), "id"));
}

enum err page_bans_show(struct request *request, struct response *response)
{
	const struct ban_page asked = {.after = page_after(request), .limit = BANS_SHOWN + 1};
	struct page page;
	struct view *data, *bans;

	page_begin(&page, request, response);
	page_csrf(&page);
	TRY(page_settings(&page, PAGE_AT_BANS));
	jw_id(&page.jw, "guild_id", request->path.guild_id);
	TRY(ban_list_to_json(request->db, request->arena, &page.jw, "bans", request->path.guild_id, &asked));
	TRY(page_data(&page, &data));
	bans = view_find(data, "bans");
	cut_page(request->arena, data, bans);
	for (struct view *each = bans->first; each != NULL; each = each->next)
		TRY(ready_ban(request, each));
	view_put_flag(request->arena, data, "has_bans", bans->first != NULL);
	return page_finish(&page, "page/bans");
}

/* What is lifted already is as it was asked to be. */
enum err page_ban_lift(struct request *request, struct response *response)
{
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	enum err e = page_input_submit(&input, OP_ban_delete, &reply);
	if (e != ERR_OK && e != ERR_UNKNOWN_BAN)
		return e;
	page_done(request, response, page_guild_path(request, "/bans"), PAGE_DONE_UNBANNED);
	return ERR_OK;
}
