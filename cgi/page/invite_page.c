/* What an invite link leads to: who invites whereto, and the way in. Shown to anybody who has the link. */
#include "domain/guild/guild.h"
#include "domain/invite/invite.h"
#include "domain/member/member.h"
#include "domain/perm.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page.h"
#include "text/fragment.h"

#include <string.h>

static const struct page_field no_fields[] = {{NULL, false}};
static const struct page_form form = {no_fields, NULL};

/* An invite that is over looks like one that never was, and either way it is said what to do. */
static enum err render_gone(struct request *request, struct response *response, enum err why)
{
	struct page page;

	response->status = err_info(why)->status;
	page_begin(&page, request, response);
	jw_null(&page.jw, "workspace");
	jw_flag(&page.jw, "is_over", why == ERR_INVITE_EXPIRED);
	TRY(page_user(&page));
	return page_finish(&page, "page/invite_gone");
}

static enum err write_membership(struct page *page, int64_t guild_id)
{
	struct request *request = page->request;
	struct member member;
	enum err e = ERR_UNKNOWN_MEMBER;

	if (request->caller.user_id != 0)
		e = member_find(request->db, request->arena, guild_id, request->caller.user_id, &member);
	if (e != ERR_OK && e != ERR_UNKNOWN_MEMBER)
		return e;
	jw_flag(&page->jw, "is_member", e == ERR_OK);
	return ERR_OK;
}

static enum err render(struct request *request, struct response *response, enum err why)
{
	const char *policy = config_text(&request->app->config, CONFIG_REGISTRATION);
	struct invite invite;
	struct page page;
	struct view *data, *view;
	enum err e;

	TRY(page_read_again(request));
	e = invite_find(request->db, request->arena, request->path.code, request->now_ms, &invite);
	if (e == ERR_UNKNOWN_INVITE || e == ERR_INVITE_EXPIRED)
		return render_gone(request, response, e);
	TRY(e);
	page_begin(&page, request, response);
	page_csrf(&page);
	jw_null(&page.jw, "workspace");
	jw_flag(&page.jw, "may_register", strcmp(policy, "closed") != 0);
	jw_flag(&page.jw, "is_temporary", invite.is_temporary);
	TRY(page_user(&page));
	TRY(write_membership(&page, invite.guild_id));
	TRY(invite_preview_to_json(request->db, request->arena, &page.jw, "invite", &invite));
	TRY(page_form(&page, &form, why));
	TRY(page_data(&page, &data));
	view = view_find(data, "invite");
	fragment_guild(request->arena, view_find(view, "guild"));
	fragment_person(request->arena, data, "inviter", view_find(view, "inviter"));
	fragment_person(request->arena, data, "user", view_find(data, "user"));
	return page_finish(&page, "page/invite");
}

enum err page_invite_show(struct request *request, struct response *response)
{
	return render(request, response, ERR_OK);
}

/* The code in what somebody pasted: a whole link, or the code alone; "" when it can be neither. */
static const char *pasted_code(struct arena *arena, const char *text)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	struct str link = str_trim(str_from(text));
	const char *path = arena_strndup(arena, link.p, strcspn(link.p, "?#") < link.n ? strcspn(link.p, "?#") : link.n);
	const char *slash = strrchr(path, '/');
	const char *code = slash != NULL ? slash + 1 : path;

	return strspn(code, allowed) == strlen(code) ? code : "";
}

enum err page_join(struct request *request, struct response *response)
{
	const char *text = form_find(&request->query, "invite");
	const char *code = pasted_code(request->arena, text != NULL ? text : "");

	if (code[0] == '\0')
		return render_gone(request, response, ERR_UNKNOWN_INVITE);
	reply_redirect(response, arena_printf(request->arena, "/invite/%s", code));
	return ERR_OK;
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

void page_invite_refused(struct request *request, struct response *response, enum err why)
{
	if (render(request, response, why) != ERR_OK)
		reply_clear(response);
}
