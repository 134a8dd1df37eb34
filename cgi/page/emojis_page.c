/* The emoji of a workspace: shown to its members, added, renamed and deleted by who may. */
#include "domain/emoji/emoji.h"
#include "domain/perm.h"
#include "front/emoji_form.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/settings.h"
#include "text/fragment.h"

static const struct page_field fields[] = {{"name", false}, {"image", true}, {NULL, false}};
static const struct page_blame blames[] = {
    {ERR_EMOJI_NAME_TAKEN, "name"}, {ERR_BAD_PICTURE, "image"}, {ERR_TOO_LARGE, "image"}, {ERR_OK, NULL}};
static const struct page_form form = {fields, blames};

static enum err write_emojis(struct page *page)
{
	struct request *request = page->request;

	return emoji_list_to_json(request->db, request->arena, &page->jw, "emojis", request->path.guild_id, true);
}

static void ready_emoji(struct request *request, struct view *emoji)
{
	struct view *user = view_find(emoji, "user");
	bool manages = perm_has(request->permissions, PERM_MANAGE_EXPRESSIONS);
	bool is_own = view_id(user, "id") == request->caller.user_id;

	fragment_emoji(request->arena, emoji);
	fragment_user(request->arena, user);
	view_put_flag(request->arena, emoji, "may_change",
		      manages || (is_own && perm_has(request->permissions, PERM_CREATE_EXPRESSIONS)));
}

static enum err render(struct request *request, struct response *response, enum err why)
{
	struct page page;
	struct view *data, *emojis;

	TRY(page_read_again(request));
	page_begin(&page, request, response);
	page_csrf(&page);
	TRY(page_settings(&page, PAGE_AT_EMOJIS));
	jw_id(&page.jw, "guild_id", request->path.guild_id);
	jw_flag(&page.jw, "may_add", (request->permissions & (PERM_CREATE_EXPRESSIONS | PERM_MANAGE_EXPRESSIONS)) != 0);
	TRY(write_emojis(&page));
	TRY(page_form(&page, &form, why));
	TRY(page_data(&page, &data));
	emojis = view_find(data, "emojis");
	for (struct view *each = emojis->first; each != NULL; each = each->next)
		ready_emoji(request, each);
	view_put_flag(request->arena, data, "has_emojis", emojis->first != NULL);
	return page_finish(&page, "page/emojis");
}

enum err page_emojis_show(struct request *request, struct response *response)
{
	return render(request, response, ERR_OK);
}

void page_emojis_refused(struct request *request, struct response *response, enum err why)
{
	if (render(request, response, why) == ERR_OK)
		return;
	reply_clear(response);
	page_error(request, response, why);
}

static enum err done(struct request *request, struct response *response, enum page_done what)
{
	page_done(request, response, page_guild_path(request, "/emojis"), what);
	return ERR_OK;
}

enum err page_emoji_add(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(emoji_form_send(request, request->input, &reply));
	return done(request, response, PAGE_DONE_ADDED);
}

enum err page_emoji_rename(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_emoji_update, &reply));
	return done(request, response, PAGE_DONE_SAVED);
}

enum err page_emoji_delete(struct request *request, struct response *response)
{
	struct op_reply reply;
	enum err e = front_submit(request, OP_emoji_delete, &reply);

	return e == ERR_OK || e == ERR_UNKNOWN_EMOJI ? done(request, response, PAGE_DONE_DELETED) : e;
}
