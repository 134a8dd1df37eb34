/* Making a workspace, and its settings: name, icon, what it is for, and the first steps of whoever has just made one. */
#include "domain/guild/guild.h"
#include "domain/user/user.h"
#include "front/reply.h"
#include "front/workspace.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/settings.h"
#include "text/fragment.h"

static const struct page_field new_fields[] = {{"name", false}, {"icon", true}, {NULL, false}};
static const struct page_field settings_fields[] = {
    {"name", false}, {"description", false}, {"icon", true}, {NULL, false}};
static const struct page_blame blames[] = {{ERR_BAD_PICTURE, "icon"}, {ERR_OK, NULL}};

static enum err new_render(struct request *request, struct response *response, enum err why)
{
	static const struct page_form form = {new_fields, blames};
	struct page page;

	TRY(page_read_again(request));
	page_begin(&page, request, response);
	page_csrf(&page);
	jw_null(&page.jw, "workspace");
	TRY(page_form(&page, &form, why));
	return page_finish(&page, "page/guild_new");
}

enum err page_guild_new_show(struct request *request, struct response *response)
{
	return new_render(request, response, ERR_OK);
}

enum err page_guild_new(struct request *request, struct response *response)
{
	struct op_reply reply;
	struct view *result;

	TRY(workspace_create(request, request->input, &reply));
	TRY(view_parse(request->arena, reply.result.p, reply.result.n, &result));
	reply_redirect(response,
		       page_channel_path(request, view_id(result, "guild_id"), view_id(result, "channel_id")));
	return ERR_OK;
}

void page_guild_new_refused(struct request *request, struct response *response, enum err why)
{
	if (new_render(request, response, why) != ERR_OK)
		reply_clear(response);
}

/* What somebody who has just made a workspace would do next; null for all but its owner, and when all is done. */
static enum err write_first_steps(struct page *page, const struct guild *guild)
{
	struct request *request = page->request;
	struct user user;
	int64_t member_count;

	TRY(user_find(request->db, request->arena, request->caller.user_id, &user));
	TRY(guild_count_members(request->db, guild->id, &member_count));
	bool has_people = member_count > 1, has_icon = guild->icon != NULL;
	if (guild->owner_id != user.id || (has_people && has_icon && user.has_factor)) {
		jw_null(&page->jw, "first_steps");
		return ERR_OK;
	}
	jw_object(&page->jw, "first_steps");
	jw_flag(&page->jw, "has_icon", has_icon);
	jw_flag(&page->jw, "has_people", has_people);
	jw_flag(&page->jw, "has_factor", user.has_factor);
	jw_flag(&page->jw, "is_server_admin", user.is_admin);
	jw_object_end(&page->jw);
	return ERR_OK;
}

static void write_guild(struct page *page, const struct guild *guild)
{
	jw_object(&page->jw, "guild");
	jw_id(&page->jw, "id", guild->id);
	jw_text(&page->jw, "name", guild->name);
	jw_text(&page->jw, "icon", guild->icon);
	jw_object_end(&page->jw);
	jw_flag(&page->jw, "is_owner", guild->owner_id == page->request->caller.user_id);
}

static enum err settings_render(struct request *request, struct response *response, enum err why)
{
	static const struct page_form form = {settings_fields, blames};
	struct form *initial = arena_alloc(request->arena, sizeof(*initial));
	struct guild guild;
	struct page page;
	struct view *data;

	TRY(page_read_again(request));
	TRY(guild_find(request->db, request->arena, request->path.guild_id, &guild));
	page_form_put(initial, "name", guild.name);
	page_form_put(initial, "description", guild.description);
	page_begin(&page, request, response);
	page_csrf(&page);
	TRY(page_settings(&page, PAGE_AT_WORKSPACE));
	write_guild(&page, &guild);
	TRY(write_first_steps(&page, &guild));
	TRY(page_form_of(&page, &form, initial, why));
	TRY(page_data(&page, &data));
	fragment_guild(request->arena, view_find(data, "guild"));
	return page_finish(&page, "page/guild_settings");
}

enum err page_guild_settings_show(struct request *request, struct response *response)
{
	return settings_render(request, response, ERR_OK);
}

enum err page_guild_settings(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(workspace_update(request, request->input, &reply));
	page_done(request, response, page_guild_path(request, "/settings"), PAGE_DONE_SAVED);
	return ERR_OK;
}

void page_guild_settings_refused(struct request *request, struct response *response, enum err why)
{
	if (settings_render(request, response, why) != ERR_OK)
		reply_clear(response);
}
