/* What cannot be taken back about a workspace, each on a page of its own: handing it over, leaving it, deleting it. */
#include "domain/guild/guild.h"
#include "domain/user/user.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/settings.h"

static const struct page_field transfer_fields[] = {{"username", false}, {NULL, false}};
static const struct page_field delete_fields[] = {{"name", false}, {NULL, false}};
static const struct page_field no_fields[] = {{NULL, false}};
static const struct page_form transfer_form = {transfer_fields, NULL};
static const struct page_form delete_form = {delete_fields, NULL};
static const struct page_form leave_form = {no_fields, NULL};

const struct field page_guild_transfer_fields[] = {
    {.name = "username",
     .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED | FIELD_TRIM | FIELD_LOWER,
     .max = USERNAME_MAX + 1,
     .offset = offsetof(struct page_guild_transfer_input, username)},
    {0}};

/* One of these pages. What only the owner may do is not even shown to others. */
static enum err render(struct request *request, struct response *response, const char *name,
		       const struct page_form *form, enum err why)
{
	struct guild guild;
	struct page page;
	int64_t member_count;
	bool is_owner;

	TRY(page_read_again(request));
	TRY(guild_find(request->db, request->arena, request->path.guild_id, &guild));
	is_owner = guild.owner_id == request->caller.user_id;
	if (!is_owner && form != &leave_form)
		return ERR_MISSING_PERMISSIONS;
	TRY(guild_count_members(request->db, guild.id, &member_count));
	page_begin(&page, request, response);
	page_csrf(&page);
	TRY(page_settings(&page, form == &leave_form ? PAGE_AT_LEAVE : PAGE_AT_WORKSPACE));
	jw_object(&page.jw, "guild");
	jw_id(&page.jw, "id", guild.id);
	jw_text(&page.jw, "name", guild.name);
	jw_object_end(&page.jw);
	jw_flag(&page.jw, "is_owner", is_owner);
	jw_int(&page.jw, "member_count", member_count);
	TRY(page_form(&page, form, why));
	return page_finish(&page, name);
}

static void show_again(struct request *request, struct response *response, const char *name,
		       const struct page_form *form, enum err why)
{
	if (render(request, response, name, form, why) != ERR_OK)
		reply_clear(response);
}

enum err page_guild_transfer_show(struct request *request, struct response *response)
{
	return render(request, response, "page/guild_transfer", &transfer_form, ERR_OK);
}

static enum err refuse_person(struct request *request)
{
	field_errors_add(&request->errors, "username", "GUILD_OWNER_INVALID",
			 "Only a person who is a member of this workspace can own it.");
	return ERR_INVALID_FORM;
}

/* Whom the typed name is, "@ada" being ada. */
static enum err find_person(struct request *request, const char *typed, int64_t *user_id)
{
	const char *username = typed[0] == '@' ? typed + 1 : typed;

	TRY(guild_find_member(request->db, request->path.guild_id, username, user_id));
	return *user_id != 0 ? ERR_OK : refuse_person(request);
}

/* The op speaks of owner_id, which is what was typed as a user name here. */
static enum err submit_owner(struct request *request, int64_t owner_id)
{
	struct buf *op = buf_in_arena(request->arena);
	struct op_reply reply;
	struct jw jw;
	enum err e;

	jw_init(&jw, op);
	jw_object(&jw, NULL);
	jw_id(&jw, "guild_id", request->path.guild_id);
	jw_id(&jw, "owner_id", owner_id);
	jw_object_end(&jw);
	e = front_submit_text(request, OP_guild_update, op, &reply);
	return e == ERR_INVALID_FORM ? refuse_person(request) : e;
}

enum err page_guild_transfer(struct request *request, struct response *response)
{
	const struct page_guild_transfer_input *in = request->input;
	int64_t user_id;

	TRY(find_person(request, in->username, &user_id));
	TRY(submit_owner(request, user_id));
	page_done(request, response, page_guild_path(request, "/members"), PAGE_DONE_TRANSFERRED);
	return ERR_OK;
}

void page_guild_transfer_refused(struct request *request, struct response *response, enum err why)
{
	show_again(request, response, "page/guild_transfer", &transfer_form, why);
}

enum err page_guild_delete_show(struct request *request, struct response *response)
{
	return render(request, response, "page/guild_delete", &delete_form, ERR_OK);
}

enum err page_guild_delete(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_guild_delete, &reply));
	reply_redirect(response, "/");
	return ERR_OK;
}

void page_guild_delete_refused(struct request *request, struct response *response, enum err why)
{
	show_again(request, response, "page/guild_delete", &delete_form, why);
}

enum err page_guild_leave_show(struct request *request, struct response *response)
{
	return render(request, response, "page/guild_leave", &leave_form, ERR_OK);
}

enum err page_guild_leave(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_guild_leave, &reply));
	reply_redirect(response, "/");
	return ERR_OK;
}

void page_guild_leave_refused(struct request *request, struct response *response, enum err why)
{
	show_again(request, response, "page/guild_leave", &leave_form, why);
}
