/* Where invite links are made, seen and revoked. Whoever may invite sees their own; all of them are for who manages the
 * workspace, as in the API. */
#include "domain/channel/channel.h"
#include "domain/invite/invite.h"
#include "domain/perm.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/settings.h"
#include "text/fragment.h"

static const struct page_field fields[] = {
    {"max_age", false}, {"max_uses", false}, {"temporary", false}, {"channel_id", false}, {NULL, false}};
static const struct page_form form = {fields, NULL};

/* Adds channels: what an invite of this person may lead to. */
static enum err write_channels(struct page *page)
{
	struct request *request = page->request;
	int64_t guild_id = request->path.guild_id, user_id = request->caller.user_id;
	struct perm_member member;
	struct channel *list;
	size_t count;

	TRY(perm_load_member(request->db, request->arena, guild_id, user_id, &member));
	TRY(channel_list_visible(request->db, request->arena, guild_id, user_id, &list, &count));
	jw_array(&page->jw, "channels");
	for (size_t i = 0; i < count; i++) {
		uint64_t bits = perm_in_channel(&member, list[i].overwrites, list[i].overwrite_count);
		if (list[i].type != CHANNEL_TYPE_TEXT || !perm_has(bits, PERM_CREATE_INVITE))
			continue;
		jw_object(&page->jw, NULL);
		jw_id(&page->jw, "id", list[i].id);
		jw_text(&page->jw, "name", list[i].name);
		jw_object_end(&page->jw);
	}
	jw_array_end(&page->jw);
	return ERR_OK;
}

static enum err write_invites(struct page *page, bool is_manager)
{
	struct request *request = page->request;
	const struct invite_filter filter = {
	    .guild_id = request->path.guild_id,
	    .viewer_id = request->caller.user_id,
	    .inviter_id = is_manager ? 0 : request->caller.user_id,
	    .now_ms = request->now_ms,
	};

	return invite_list_to_json(request->db, request->arena, &page->jw, "invites", &filter);
}

static void ready_invite(struct arena *arena, struct view *invite)
{
	fragment_person(arena, invite, "inviter", view_find(invite, "inviter"));
	fragment_moment(arena, invite, "expires", view_text(invite, "expires_at"));
}

static enum err render(struct request *request, struct response *response, enum err why)
{
	struct page page;
	struct view *data, *invites;
	bool is_manager = perm_has(request->permissions, PERM_MANAGE_GUILD);

	TRY(page_read_again(request));
	page_begin(&page, request, response);
	page_csrf(&page);
	jw_id(&page.jw, "guild_id", request->path.guild_id);
	jw_flag(&page.jw, "is_manager", is_manager);
	TRY(page_settings(&page, PAGE_AT_INVITES));
	TRY(page_form(&page, &form, why));
	TRY(write_channels(&page));
	TRY(write_invites(&page, is_manager));
	TRY(page_data(&page, &data));
	invites = view_find(data, "invites");
	for (struct view *invite = invites->first; invite; invite = invite->next)
		ready_invite(request->arena, invite);
	view_put_flag(request->arena, data, "has_invites", invites->first != NULL);
	return page_finish(&page, "page/invites");
}

enum err page_invites_show(struct request *request, struct response *response)
{
	return render(request, response, ERR_OK);
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
	reply_redirect(response, arena_printf(request->arena, "/guilds/%lld/invites?done=created#i-%.*s",
					      (long long)request->path.guild_id, (int)code.n, code.p));
	return ERR_OK;
}

/* The code has to be one of the workspace that the address names. */
enum err page_invite_revoke(struct request *request, struct response *response)
{
	struct invite invite;
	struct op_reply reply;
	enum err e = invite_find(request->db, request->arena, request->path.code, request->now_ms, &invite);

	if (e != ERR_OK && e != ERR_INVITE_EXPIRED)
		return e;
	if (invite.guild_id != request->path.guild_id)
		return ERR_UNKNOWN_INVITE;
	TRY(front_submit(request, OP_invite_delete, &reply));
	page_done(request, response, page_guild_path(request, "/invites"), PAGE_DONE_REVOKED);
	return ERR_OK;
}

void page_invites_refused(struct request *request, struct response *response, enum err why)
{
	if (render(request, response, why) != ERR_OK)
		reply_clear(response);
}
