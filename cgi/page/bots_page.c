/* The bots of a workspace: made here, with their tokens shown once, and removed. */
#include "domain/bot/bot.h"
#include "front/bot_token.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/settings.h"
#include "text/fragment.h"

static const struct page_field fields[] = {{"username", false}, {NULL, false}};
static const struct page_blame blames[] = {{ERR_NAME_TAKEN, "username"}, {ERR_OK, NULL}};
static const struct page_form form = {fields, blames};

static void ready_date(struct arena *arena, struct view *bot, const char *from, const char *key)
{
	struct str at = view_text(bot, from);

	if (at.n > 0)
		fragment_date(arena, bot, key, at);
	else
		view_put_null(arena, bot, key);
}

static void ready_bot(struct arena *arena, struct view *bot)
{
	struct view *owner = view_find(bot, "owner");

	fragment_user(arena, view_find(bot, "user"));
	if (view_is_object(owner))
		fragment_user(arena, owner);
	ready_date(arena, bot, "created_at", "created");
	ready_date(arena, bot, "last_used_at", "last_used");
}

/* Adds token {secret, user}, or null: what was made by the request that this page answers. */
static void write_token(struct page *page, const struct bot_token *token)
{
	if (token == NULL) {
		jw_null(&page->jw, "token");
		return;
	}
	jw_object(&page->jw, "token");
	jw_text(&page->jw, "secret", token->secret);
	jw_raw(&page->jw, "user", token->user.p, token->user.n);
	jw_object_end(&page->jw);
}

static enum err render(struct request *request, struct response *response, const struct bot_token *token, enum err why)
{
	struct page page;
	struct view *data, *bots;

	TRY(page_read_again(request));
	page_begin(&page, request, response);
	page_csrf(&page);
	jw_id(&page.jw, "guild_id", request->path.guild_id);
	TRY(page_settings(&page, PAGE_AT_BOTS));
	write_token(&page, token);
	TRY(page_form(&page, &form, why));
	TRY(bot_list_to_json(request->db, request->arena, &page.jw, "bots", request->path.guild_id));
	TRY(page_data(&page, &data));
	bots = view_find(data, "bots");
	for (struct view *bot = bots->first; bot != NULL; bot = bot->next)
		ready_bot(request->arena, bot);
	view_put_flag(request->arena, data, "has_bots", bots->first != NULL);
	if (token != NULL)
		fragment_user(request->arena, view_find(view_find(data, "token"), "user"));
	return page_finish(&page, "page/bots");
}

enum err page_bots_show(struct request *request, struct response *response)
{
	return render(request, response, NULL, ERR_OK);
}

/* A token is shown in the reply to the form that asked for it and nowhere else, so this one is no redirect. */
static enum err show_token(struct request *request, struct response *response, struct bot_token *token)
{
	enum err e;

	request->form.count = 0; /* what was typed is done with */
	e = render(request, response, token, ERR_OK);
	secret_wipe(token->secret, sizeof(token->secret));
	return e;
}

enum err page_bots_create(struct request *request, struct response *response)
{
	const struct bot_create_form_input *input = request->input;
	struct bot_token token;

	TRY(bot_token_create(request, input->username, &token));
	return show_token(request, response, &token);
}

void page_bots_refused(struct request *request, struct response *response, enum err why)
{
	if (render(request, response, NULL, why) != ERR_OK)
		reply_clear(response);
}

enum err page_bot_renew(struct request *request, struct response *response)
{
	struct bot_token token;

	TRY(bot_token_renew(request, &token));
	return show_token(request, response, &token);
}

/* The bot of the address among the workspace's; NULL when there is none. */
static struct view *bot_in(struct view *bots, int64_t user_id)
{
	for (struct view *bot = bots->first; bot != NULL; bot = bot->next) {
		if (view_id(view_find(bot, "user"), "id") == user_id)
			return bot;
	}
	return NULL;
}

enum err page_bot_show(struct request *request, struct response *response)
{
	struct page page;
	struct view *data, *bot;

	page_begin(&page, request, response);
	page_csrf(&page);
	jw_id(&page.jw, "guild_id", request->path.guild_id);
	TRY(page_settings(&page, PAGE_AT_BOTS));
	TRY(bot_list_to_json(request->db, request->arena, &page.jw, "bots", request->path.guild_id));
	TRY(page_data(&page, &data));
	bot = bot_in(view_find(data, "bots"), request->path.user_id);
	if (bot == NULL)
		return ERR_UNKNOWN_USER;
	ready_bot(request->arena, bot);
	view_put(request->arena, data, "bot", bot);
	return page_finish(&page, "page/bot");
}

enum err page_bot_delete(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_bot_delete, &reply));
	page_done(request, response, page_guild_path(request, "/bots"), PAGE_DONE_REMOVED);
	return ERR_OK;
}
