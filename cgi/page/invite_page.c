/* Invites: what a link leads to, and where links are made. */
#include "domain/guild/guild.h"
#include "domain/invite/invite.h"
#include "domain/perm.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page.h"
#include "text/fragment.h"

#include <string.h>

static const struct page_field fields[] = {{"max_age", false}, {"max_uses", false}, {NULL, false}};
static const struct page_form form = {fields, NULL};

enum err page_invite_show(struct request *request, struct response *response)
{
	const char *policy = config_text(&request->app->config, CONFIG_REGISTRATION);
	struct invite invite;
	struct page page;
	struct view *data, *view;

	TRY(invite_find(request->db, request->arena, request->path.code, request->now_ms, &invite));
	page_begin(&page, request, response);
	page_csrf(&page);
	jw_null(&page.jw, "workspace");
	jw_flag(&page.jw, "may_register", strcmp(policy, "closed") != 0);
	TRY(page_user(&page));
	TRY(invite_preview_to_json(request->db, request->arena, &page.jw, "invite", &invite));
	TRY(page_data(&page, &data));
	view = view_find(data, "invite");
	fragment_guild(request->arena, view_find(view, "guild"));
	fragment_person(request->arena, data, "inviter", view_find(view, "inviter"));
	fragment_person(request->arena, data, "user", view_find(data, "user"));
	return page_finish(&page, "page/invite");
}

enum err page_invite_accept(struct request *request, struct response *response)
{
	struct op_reply reply;
	struct view *result;

	TRY(front_submit(request, OP_invite_accept, &reply));
	TRY(view_parse(request->arena, reply.result.p, reply.result.n, &result));
	reply_redirect(response,
		       page_channel_path(request, view_id(result, "guild_id"), view_id(result, "channel_id")));
	return ERR_OK;
}

static void ready_invite(struct arena *arena, struct view *invite)
{
	struct str expires_at = view_text(invite, "expires_at");

	fragment_person(arena, invite, "inviter", view_find(invite, "inviter"));
	if (expires_at.n > 0)
		fragment_date(arena, invite, "expires", expires_at);
	else
		view_put_null(arena, invite, "expires");
}

/* Whoever may invite sees their own links; all of them are for who manages the workspace, as in the API. */
static void keep_own(const struct request *request, struct view *invites)
{
	if (perm_has(request->permissions, PERM_MANAGE_GUILD))
		return;
	for (struct view *invite = invites->first, *next; invite; invite = next) {
		next = invite->next;
		if (view_id(view_find(invite, "inviter"), "id") != request->caller.user_id)
			view_remove(invites, invite);
	}
}

static enum err list_render(struct request *request, struct response *response, enum err why)
{
	struct page page;
	struct view *data, *invites;

	TRY(page_read_again(request));
	page_begin(&page, request, response);
	page_csrf(&page);
	jw_id(&page.jw, "guild_id", request->path.guild_id);
	TRY(page_workspace(&page, request->path.guild_id, 0));
	TRY(page_form(&page, &form, why));
	TRY(invite_list_to_json(request->db, request->arena, &page.jw, "invites",
				&(struct invite_filter){.guild_id = request->path.guild_id,
							.viewer_id = request->caller.user_id,
							.now_ms = request->now_ms}));
	TRY(page_data(&page, &data));
	invites = view_find(data, "invites");
	keep_own(request, invites);
	for (struct view *invite = invites->first; invite; invite = invite->next)
		ready_invite(request->arena, invite);
	view_put_flag(request->arena, data, "has_invites", invites->first != NULL);
	return page_finish(&page, "page/invites");
}

enum err page_invites_show(struct request *request, struct response *response)
{
	return list_render(request, response, ERR_OK);
}

enum err page_invites_create(struct request *request, struct response *response)
{
	struct op_reply reply;
	struct str member;
	struct view *invite;
	struct str code;

	TRY(front_submit(request, OP_invite_create, &reply));
	member = op_reply_member(&reply, request->arena, "invite");
	TRY(view_parse(request->arena, member.p, member.n, &invite));
	code = view_text(invite, "code");
	reply_redirect(response, arena_printf(request->arena, "/guilds/%lld/invites#i-%.*s",
					      (long long)request->path.guild_id, (int)code.n, code.p));
	return ERR_OK;
}

void page_invites_refused(struct request *request, struct response *response, enum err why)
{
	if (list_render(request, response, why) != ERR_OK)
		reply_clear(response);
}
