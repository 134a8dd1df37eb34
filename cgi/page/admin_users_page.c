/* The accounts of the server, for those who administer it: found, suspended, handed over, made administrators. */
#include "base/str.h"
#include "domain/user/user_admin.h"
#include "front/reply.h"
#include "http/percent.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/settings.h"
#include "text/fragment.h"

#include <string.h>

enum { PAGE_SIZE = 50 };

const struct field page_admin_users_fields[] = {
    {.name = "query",
     .type = FIELD_TEXT,
     .flags = FIELD_TRIM,
     .max = USERS_QUERY_MAX,
     .offset = offsetof(struct page_admin_users_input, query)},
    {.name = "suspended", .type = FIELD_FLAG, .offset = offsetof(struct page_admin_users_input, is_suspended)},
    {.name = "after", .type = FIELD_ID, .offset = offsetof(struct page_admin_users_input, after)},
    {0}};

const struct field page_hand_over_fields[] = {{.name = "to",
					       .type = FIELD_TEXT,
					       .flags = FIELD_REQUIRED | FIELD_TRIM | FIELD_LOWER,
					       .min = 1,
					       .max = USERNAME_MAX,
					       .offset = offsetof(struct page_hand_over_input, to)},
					      {0}};

static const struct page_field fields[] = {{"reason", false}, {"to", false}, {NULL, false}};
static const struct page_blame blames[] = {{ERR_UNKNOWN_USER, "to"}, {ERR_NOT_SUSPENDED, "to"}, {ERR_OK, NULL}};
static const struct page_form form = {fields, blames};

static void ready(struct arena *arena, struct view *account)
{
	struct str used = view_text(account, "last_used_at");

	fragment_user(arena, view_find(account, "user"));
	fragment_date(arena, account, "created", view_text(account, "created_at"));
	if (used.n > 0)
		fragment_date(arena, account, "used", used);
	else
		view_put_null(arena, account, "used");
}

/* Where the next page begins, with the same filter; null on the last one. */
static void write_next(struct page *page, const struct page_admin_users_input *input,
		       const struct user_page_result *result)
{
	struct buf *path = buf_in_arena(page->request->arena);

	if (result->count < PAGE_SIZE) {
		jw_null(&page->jw, "next");
		return;
	}
	buf_printf(path, "/admin/users?after=%lld", (long long)result->last_id);
	if (input->query != NULL && input->query[0] != '\0') {
		buf_puts(path, "&query=");
		percent_encode(path, str_from(input->query));
	}
	if (input->is_suspended)
		buf_puts(path, "&suspended=1");
	jw_text(&page->jw, "next", path->p);
}

enum err page_admin_users_show(struct request *request, struct response *response)
{
	const struct page_admin_users_input *input = request->input;
	const struct user_page which = {
	    .after = input->after, .limit = PAGE_SIZE, .query = input->query, .is_suspended = input->is_suspended};
	struct user_page_result result;
	struct page page;
	struct view *data, *accounts;

	page_begin(&page, request, response);
	TRY(page_settings(&page, PAGE_AT_USERS));
	jw_text(&page.jw, "query", input->query != NULL ? input->query : "");
	jw_flag(&page.jw, "is_suspended", input->is_suspended);
	TRY(user_list_to_json(request->db, request->arena, &page.jw, "accounts", &which, &result));
	write_next(&page, input, &result);
	TRY(page_data(&page, &data));
	accounts = view_find(data, "accounts");
	for (struct view *account = accounts->first; account != NULL; account = account->next)
		ready(request->arena, account);
	view_put_flag(request->arena, data, "has_accounts", accounts->first != NULL);
	return page_finish(&page, "page/admin_users");
}

/* One account is the first after the id before it. */
static enum err account_to_json(struct page *page, int64_t user_id)
{
	const struct user_page which = {.after = user_id - 1, .limit = 1};
	struct user_page_result result;

	TRY(user_list_to_json(page->request->db, page->request->arena, &page->jw, "accounts", &which, &result));
	return result.last_id == user_id ? ERR_OK : ERR_UNKNOWN_USER;
}

static enum err user_render(struct request *request, struct response *response, enum err why)
{
	struct page page;
	struct view *data, *account;

	TRY(page_read_again(request));
	page_begin(&page, request, response);
	page_csrf(&page);
	TRY(page_settings(&page, PAGE_AT_USERS));
	jw_flag(&page.jw, "is_self", request->path.user_id == request->caller.user_id);
	TRY(account_to_json(&page, request->path.user_id));
	TRY(page_form(&page, &form, why));
	TRY(page_data(&page, &data));
	account = view_find(data, "accounts")->first;
	ready(request->arena, account);
	view_put(request->arena, data, "account", account);
	return page_finish(&page, "page/admin_user");
}

enum err page_admin_user_show(struct request *request, struct response *response)
{
	return user_render(request, response, ERR_OK);
}

void page_admin_user_refused(struct request *request, struct response *response, enum err why)
{
	if (user_render(request, response, why) != ERR_OK)
		reply_clear(response);
}

static void done(struct request *request, struct response *response, enum page_done what)
{
	page_done(request, response,
		  arena_printf(request->arena, "/admin/users/%lld", (long long)request->path.user_id), what);
}

static enum err submit(struct request *request, struct response *response, enum op op, enum page_done what)
{
	struct op_reply reply;

	TRY(front_submit(request, op, &reply));
	done(request, response, what);
	return ERR_OK;
}

enum err page_admin_suspend(struct request *request, struct response *response)
{
	return submit(request, response, OP_user_suspend, PAGE_DONE_SUSPENDED);
}

enum err page_admin_restore(struct request *request, struct response *response)
{
	return submit(request, response, OP_user_restore, PAGE_DONE_RESTORED);
}

enum err page_admin_set(struct request *request, struct response *response)
{
	return submit(request, response, OP_user_admin, PAGE_DONE_SAVED);
}

/* People are named by their user names here. */
enum err page_admin_hand_over(struct request *request, struct response *response)
{
	const struct page_hand_over_input *input = request->input;
	struct buf *op = buf_in_arena(request->arena);
	struct user_credentials to;
	struct op_reply reply;
	struct jw jw;

	if (strchr(input->to, '@') != NULL)
		return ERR_UNKNOWN_USER; /* an address would be told to be known */
	TRY(user_find_credentials(request->db, request->arena, input->to, &to));
	jw_init(&jw, op);
	jw_object(&jw, NULL);
	jw_id(&jw, "user_id", request->path.user_id);
	jw_id(&jw, "to", to.user_id);
	jw_object_end(&jw);
	TRY(front_submit_text(request, OP_user_hand_over, op, &reply));
	done(request, response, PAGE_DONE_TRANSFERRED);
	return ERR_OK;
}
