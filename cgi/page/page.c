#include "page/page.h"

#include "base/ensure.h"
#include "base/id.h"
#include "crypto/secret.h"
#include "domain/guild/guild.h"
#include "domain/user/user.h"
#include "front/csrf.h"
#include "front/reply.h"
#include "http/path.h"
#include "sql/sql.h"
#include "tmpl/tmpl.h"

#include <string.h>

enum { NONCE_LENGTH = 20 };

void page_begin(struct page *page, struct request *request, struct response *response)
{
	*page = (struct page){.request = request, .response = response, .text = buf_in_arena(request->arena)};
	jw_init(&page->jw, page->text);
	jw_object(&page->jw, NULL);
	jw_text(&page->jw, "static", request->app->static_path);
	jw_text(&page->jw, "public_url", request->app->public_url);
	jw_text(&page->jw, "request_id", request->id);
}

enum err page_read_again(struct request *request)
{
	if (request->is_reading)
		return ERR_OK;
	TRY(sql_read_begin(request->db));
	request->is_reading = true;
	return ERR_OK;
}

void page_csrf(struct page *page)
{
	jw_text(&page->jw, "csrf", csrf_token(page->request, page->response));
}

void page_nonce(struct page *page)
{
	static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	char nonce[NONCE_LENGTH + 1];

	secret_code(nonce, NONCE_LENGTH, alphabet);
	jw_text(&page->jw, "nonce", nonce);
}

enum err page_user(struct page *page)
{
	struct request *request = page->request;
	struct user user;

	if (request->caller.user_id == 0) {
		jw_null(&page->jw, "user");
		return ERR_OK;
	}
	TRY(user_find(request->db, request->arena, request->caller.user_id, &user));
	user_to_json(&page->jw, "user", &user);
	return ERR_OK;
}

enum err page_workspace(struct page *page, int64_t guild_id, int64_t channel_id)
{
	struct request *request = page->request;
	struct guild guild = {0};

	if (guild_id != 0)
		TRY(guild_find(request->db, request->arena, guild_id, &guild));
	jw_object(&page->jw, "workspace");
	jw_text(&page->jw, "name", guild.name);
	jw_text(&page->jw, "back", page_channel_path(request, guild_id, channel_id));
	jw_object_end(&page->jw);
	return ERR_OK;
}

/* Addresses of files stand in the database as markers. */
static void expand_addresses(struct page *page)
{
	struct buf *expanded;

	if (!file_url_is_in(page->text->p, page->text->n))
		return;
	expanded = buf_in_arena(page->request->arena);
	file_url_expand_plain(page->text->p, page->text->n, expanded);
	page->text = expanded;
}

enum err page_data(struct page *page, struct view **data)
{
	if (page->data == NULL) {
		jw_object_end(&page->jw);
		expand_addresses(page);
		if (view_parse(page->request->arena, page->text->p, page->text->n, &page->data) != ERR_OK)
			return ERR_INTERNAL;
	}
	*data = page->data;
	return ERR_OK;
}

enum err page_finish(struct page *page, const char *name)
{
	struct response *response = page->response;
	struct view *data;

	TRY(page_data(page, &data));
	reply_page(response, response->status);
	return tmpl_render(page->request->app->templates, name, data, TMPL_LENIENT, response->body);
}

int64_t page_after(const struct request *request)
{
	const char *text = form_find(&request->query, "after");
	int64_t id;

	return text != NULL && id_parse(text, strlen(text), &id) ? id : 0;
}

const char *page_channel_path(struct request *request, int64_t guild_id, int64_t channel_id)
{
	if (channel_id == 0)
		return arena_printf(request->arena, "/guilds/%lld", (long long)guild_id);
	if (guild_id == 0)
		return arena_printf(request->arena, "/channels/@me/%lld", (long long)channel_id);
	return arena_printf(request->arena, "/channels/%lld/%lld", (long long)guild_id, (long long)channel_id);
}

const char *page_message_path(struct request *request, int64_t message_id)
{
	const char *room = page_channel_path(request, request->path.guild_id, request->path.channel_id);
	long long id = message_id;

	return arena_printf(request->arena, "%s?around=%lld#m-%lld", room, id, id);
}

void page_place(struct page *page)
{
	if (page->request->path.guild_id != 0)
		jw_id(&page->jw, "place", page->request->path.guild_id);
	else
		jw_text(&page->jw, "place", "@me");
}

/* Browsers take "//host" and "/\host" for another site, and drop tabs and newlines before they look. */
const char *page_next_path(const char *next)
{
	return path_is_local(str_from(next)) ? next : "/";
}

bool page_wants_fragment(const struct request *request)
{
	return str_eq_text(request_param(request, "HTTP_ACCEPT"), "text/vnd.snug.fragment+html");
}
