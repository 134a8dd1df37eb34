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
	json_t *data, *view;

	TRY(invite_find(request->db, request->arena, request->path.code, request->now_ms, &invite));
	page_begin(&page, request, response);
	page_csrf(&page);
	jw_null(&page.jw, "workspace");
	jw_flag(&page.jw, "may_register", strcmp(policy, "closed") != 0);
	TRY(page_user(&page));
	TRY(invite_to_json(request->db, request->arena, &page.jw, "invite", &invite, false));
	TRY(page_data(&page, &data));
	view = json_object_get(data, "invite");
	fragment_guild(json_object_get(view, "guild"));
	fragment_person(data, "inviter", json_object_get(view, "inviter"));
	fragment_person(data, "user", json_object_get(data, "user"));
	return page_finish(&page, "page/invite");
}

enum err page_invite_accept(struct request *request, struct response *response)
{
	struct op_reply reply;
	json_t *result;

	TRY(front_submit(request, OP_invite_accept, &reply));
	TRY(json_parse_own(request->arena, reply.result.p, reply.result.n, &result));
	reply_redirect(response,
		       page_channel_path(request, json_id(result, "guild_id"), json_id(result, "channel_id")));
	return ERR_OK;
}

static void ready_invite(json_t *invite)
{
	const char *expires_at = json_text(invite, "expires_at");

	fragment_person(invite, "inviter", json_object_get(invite, "inviter"));
	if (expires_at != NULL)
		fragment_date(invite, "expires", expires_at);
	else
		json_object_set_new(invite, "expires", json_null());
}

/* Whoever may invite sees their own links; all of them are for who manages the workspace, as in the API. */
static void keep_own(const struct request *request, json_t *invites)
{
	if (perm_has(request->permissions, PERM_MANAGE_GUILD))
		return;
	for (size_t i = json_array_size(invites); i > 0; i--) {
		const json_t *inviter = json_object_get(json_array_get(invites, i - 1), "inviter");
		if (json_id(inviter, "id") != request->caller.user_id)
			json_array_remove(invites, i - 1);
	}
}

static enum err list_render(struct request *request, struct response *response, enum err why)
{
	struct page page;
	json_t *data, *invites;

	TRY(page_read_again(request));
	page_begin(&page, request, response);
	page_csrf(&page);
	jw_id(&page.jw, "guild_id", request->path.guild_id);
	TRY(page_workspace(&page, request->path.guild_id, 0));
	TRY(page_form(&page, &form, why));
	TRY(invite_list_to_json(request->db, request->arena, &page.jw, "invites", request->path.guild_id,
				request->now_ms));
	TRY(page_data(&page, &data));
	invites = json_object_get(data, "invites");
	keep_own(request, invites);
	for (size_t i = 0; i < json_array_size(invites); i++)
		ready_invite(json_array_get(invites, i));
	json_object_set_new(data, "has_invites", json_boolean(json_array_size(invites) > 0));
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
	const char *code;
	json_t *invite;

	TRY(front_submit(request, OP_invite_create, &reply));
	member = op_reply_member(&reply, request->arena, "invite");
	TRY(json_parse_own(request->arena, member.p, member.n, &invite));
	code = json_text(invite, "code");
	reply_redirect(response, arena_printf(request->arena, "/guilds/%lld/invites#i-%s",
					      (long long)request->path.guild_id, code != NULL ? code : ""));
	return ERR_OK;
}

void page_invites_refused(struct request *request, struct response *response, enum err why)
{
	if (list_render(request, response, why) != ERR_OK)
		reply_clear(response);
}
