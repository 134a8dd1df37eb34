/* Taking everything of one's account away, and ending it. */
#include "domain/user/user.h"
#include "domain/user/user_export.h"
#include "front/account_end.h"
#include "front/credential.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/settings.h"

#include <string.h>

static const struct page_field fields[] = {{"username", false}, {"password", true}, {NULL, false}};
static const struct page_blame blames[] = {{ERR_WRONG_PASSWORD, "password"}, {ERR_OK, NULL}};
static const struct page_form form = {fields, blames};

const struct field page_export_fields[] = {
    {.name = "after", .type = FIELD_ID, .offset = offsetof(struct page_export_input, after)},
    {.name = "part",
     .type = FIELD_INT,
     .min = 1,
     .max = USER_EXPORT_PARTS_MAX,
     .offset = offsetof(struct page_export_input, part)},
    {0}};

static void write_parts(struct page *page, const struct user_export_part *parts, int count)
{
	jw_array(&page->jw, "parts");
	for (int i = 0; i < count; i++) {
		jw_object(&page->jw, NULL);
		jw_int(&page->jw, "number", i + 1);
		jw_int(&page->jw, "messages", parts[i].count);
		jw_id(&page->jw, "after", parts[i].after);
		jw_object_end(&page->jw);
	}
	jw_array_end(&page->jw);
	jw_flag(&page->jw, "has_parts", count > 1);
}

enum err page_export_show(struct request *request, struct response *response)
{
	struct user_export_part *parts = arena_alloc(request->arena, USER_EXPORT_PARTS_MAX * sizeof(*parts));
	struct page page;
	int count;

	page_begin(&page, request, response);
	TRY(page_settings(&page, PAGE_AT_EXPORT));
	TRY(user_export_list(request->db, request->caller.user_id, parts, &count));
	write_parts(&page, parts, count);
	return page_finish(&page, "page/account_export");
}

enum err page_export(struct request *request, struct response *response)
{
	const struct page_export_input *input = request->input;
	int part = input->part != 0 ? (int)input->part : 1;
	struct jw jw;

	reply_json(response, 200, &jw);
	reply_header(response, "Content-Disposition",
		     arena_printf(request->arena, "attachment; filename=\"snug-export-%d.json\"", part));
	return user_export_to_json(request->db, request->arena, &jw, request->caller.user_id, input->after,
				   request->now_ms);
}

static enum err delete_render(struct request *request, struct response *response, enum err why)
{
	struct user user;
	struct page page;

	TRY(page_read_again(request));
	TRY(user_find(request->db, request->arena, request->caller.user_id, &user));
	page_begin(&page, request, response);
	page_csrf(&page);
	TRY(page_settings(&page, PAGE_AT_DELETE));
	jw_text(&page.jw, "username", user.username);
	jw_flag(&page.jw, "keeps_messages",
		strcmp(config_text(&request->app->config, CONFIG_DELETED_ACCOUNT_MESSAGES), "keep") == 0);
	TRY(user_owned_guilds_to_json(request->db, &page.jw, "owned", user.id));
	TRY(page_form(&page, &form, why));
	return page_finish(&page, "page/account_delete");
}

enum err page_account_delete_show(struct request *request, struct response *response)
{
	return delete_render(request, response, ERR_OK);
}

enum err page_account_delete(struct request *request, struct response *response)
{
	const struct account_end_input *input = request->input;

	if (input->username == NULL) {
		field_errors_add(&request->errors, "username", "BASE_TYPE_REQUIRED", "Type your user name.");
		return ERR_INVALID_FORM;
	}
	TRY(account_end(request, input));
	credential_cookie_clear(request, response);
	reply_redirect(response, "/login");
	return ERR_OK;
}

void page_account_delete_refused(struct request *request, struct response *response, enum err why)
{
	if (delete_render(request, response, why) != ERR_OK)
		reply_clear(response);
}
