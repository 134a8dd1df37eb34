/* The audit log as sentences: who did what to whom, what changed from what to what, and why; narrowed by person, by
 * whom it is about, by kind, and by words of the reason. The words stand in templates/part/audit_*.mustache, under the
 * keys that are told apart here. */
#include "base/id.h"
#include "domain/audit/audit.h"
#include "domain/channel/channel.h"
#include "domain/user/user.h"
#include "http/percent.h"
#include "page/audit_words.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/role_view.h"
#include "page/settings.h"
#include "text/fragment.h"

#include <string.h>

enum { ENTRIES_SHOWN = 50 };

static const struct page_field fields[] = {
    {"who", false}, {"about", false}, {"action", false}, {"text", false}, {NULL, false}};
static const struct page_form form = {fields, NULL};

static const char *asked(const struct request *request, const char *name)
{
	const char *text = form_find(&request->query, name);

	return text != NULL && text[0] != '\0' ? text : NULL;
}

static int64_t asked_number(const struct request *request, const char *name)
{
	const char *text = asked(request, name);
	int64_t number;

	return text != NULL && id_parse(text, strlen(text), &number) ? number : 0;
}

/* Who is named but unknown narrows to nothing, as somebody would who did nothing here: -1 is nobody's id. */
static enum err asked_person(const struct request *request, const char *name, int64_t *user_id)
{
	const char *username = asked(request, name);

	*user_id = 0;
	if (username == NULL)
		return ERR_OK;
	TRY(audit_find_person(request->db, username[0] == '@' ? username + 1 : username, user_id));
	*user_id = *user_id == 0 ? -1 : *user_id;
	return ERR_OK;
}

static enum err page_asked(const struct request *request, struct audit_page *out)
{
	*out = (struct audit_page){
	    .before = asked_number(request, "before"),
	    .limit = ENTRIES_SHOWN + 1,
	    .action = asked_number(request, "action"),
	    .text = asked(request, "text"),
	};
	TRY(asked_person(request, "who", &out->actor_id));
	return asked_person(request, "about", &out->target_id);
}

static const char *older_path(struct request *request, struct str id)
{
	static const char *const kept[] = {"who", "about", "action", "text"};
	struct buf *path = buf_in_arena(request->arena);

	buf_puts(path, page_guild_path(request, "/audit?before="));
	buf_put(path, id.p, id.n);
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		const char *text = asked(request, kept[i]);

		if (text == NULL)
			continue;
		buf_puts(path, arena_printf(request->arena, "&%s=", kept[i]));
		percent_encode(path, str_from(text));
	}
	return path->p;
}

static void cut_page(struct request *request, struct view *data, struct view *entries)
{
	struct view *last = entries->first;

	view_put_null(request->arena, data, "older");
	if (view_count(entries) <= ENTRIES_SHOWN)
		return;
	while (last->next != entries->last)
		last = last->next;
	view_remove(entries, entries->last);
	view_put_text(request->arena, data, "older", str_from(older_path(request, view_text(last, "id"))));
}

enum err page_audit_show(struct request *request, struct response *response)
{
	struct audit_page_result *result = arena_alloc(request->arena, sizeof(*result));
	struct audit_words words = {.request = request};
	struct audit_page narrowed;
	struct page page;
	struct view *data, *entries;

	TRY(page_asked(request, &narrowed));
	TRY(role_view_load(request, &words.roles));
	page_begin(&page, request, response);
	TRY(page_settings(&page, PAGE_AT_AUDIT));
	jw_id(&page.jw, "guild_id", request->path.guild_id);
	audit_words_write_actions(&page.jw, "actions", narrowed.action);
	TRY(audit_list_to_json(request->db, request->arena, &page.jw, "entries", request->path.guild_id,
			       request->caller.user_id, &narrowed, result));
	TRY(audit_users_to_json(request->db, request->arena, &page.jw, "users", result));
	TRY(page_form(&page, &form, ERR_OK));
	TRY(page_data(&page, &data));
	entries = view_find(data, "entries");
	words.users = view_find(data, "users");
	cut_page(request, data, entries);
	for (struct view *each = entries->first; each != NULL; each = each->next)
		TRY(audit_words_ready(&words, each));
	view_put_flag(request->arena, data, "has_entries", entries->first != NULL);
	return page_finish(&page, "page/audit");
}
