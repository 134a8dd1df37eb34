/* What a thread is called, whether it is open, who is in it, and its end. */
#include "domain/guild/guild.h"
#include "domain/member/member.h"
#include "domain/perm.h"
#include "domain/thread/thread.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/page_input.h"
#include "text/fragment.h"

static const struct page_field fields[] = {
    {"name", false}, {"auto_archive_duration", false}, {"username", false}, {NULL, false}};
static const struct page_blame blames[] = {
    {ERR_UNKNOWN_MEMBER, "username"}, {ERR_UNKNOWN_USER, "username"}, {ERR_MISSING_ACCESS, "username"}, {ERR_OK, NULL}};
static const struct page_form form = {fields, blames};

static enum err find_thread(struct request *request, struct channel *channel, struct thread *thread)
{
	TRY(channel_find(request->db, request->arena, request->path.channel_id, channel));
	return channel_is_thread(channel) ? thread_find(request->db, request->arena, channel->id, thread)
					  : ERR_UNKNOWN_CHANNEL;
}

/* How long it may be idle: Discord's four. */
static void write_durations(struct jw *jw, int64_t now_min)
{
	static const struct {
		int64_t minutes;
		const char *name;
	} rows[] = {{60, "is_hour"}, {1440, "is_day"}, {4320, "is_three_days"}, {10080, "is_week"}};

	jw_array(jw, "durations");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		jw_object(jw, NULL);
		jw_int(jw, "minutes", rows[i].minutes);
		for (size_t j = 0; j < sizeof(rows) / sizeof(rows[0]); j++)
			jw_flag(jw, rows[j].name, i == j);
		jw_flag(jw, "is_chosen", rows[i].minutes == now_min);
		jw_object_end(jw);
	}
	jw_array_end(jw);
}

/* Adds may: what this person may do here. The ops decide; this only spares people a refusal. */
static void write_may(struct page *page, const struct thread *thread)
{
	uint64_t bits = page->request->permissions;
	bool manages = perm_has(bits, PERM_MANAGE_THREADS), writes = perm_has(bits, PERM_SEND_MESSAGES);
	bool is_own = thread->owner_id == page->request->caller.user_id && writes;
	bool is_private = thread->type == CHANNEL_TYPE_PRIVATE_THREAD, is_open = thread->archived_at_ms == 0;
	struct jw *jw = &page->jw;

	jw_object(jw, "may");
	jw_flag(jw, "change", (manages || is_own) && is_open);
	jw_flag(jw, "archive", (manages || is_own) && is_open);
	jw_flag(jw, "open", writes && !is_open);
	jw_flag(jw, "manage", manages);
	jw_flag(jw, "add", is_open && writes && (!is_private || thread->is_invitable || is_own || manages));
	jw_flag(jw, "remove", is_open && (manages || (is_own && is_private)));
	jw_object_end(jw);
}

static void ready_people(struct request *request, struct view *data)
{
	struct view *people = view_find(data, "people");

	for (struct view *each = people->first; each != NULL; each = each->next) {
		struct view *user = view_find(view_find(each, "member"), "user");
		fragment_user(request->arena, user);
		view_put(request->arena, each, "user", user);
		view_put_flag(request->arena, each, "is_self", view_id(user, "id") == request->caller.user_id);
	}
	view_put_flag(request->arena, data, "has_people", people->first != NULL);
	view_put(request->arena, data, "next",
		 view_count(people) == THREAD_PAGE_MAX ? view_find(people->last, "user_id") : NULL);
}

static enum err render(struct request *request, struct response *response, enum err why)
{
	const struct thread_member_page asked = {
	    .after = page_after(request), .limit = THREAD_PAGE_MAX, .has_member = true};
	struct channel channel;
	struct thread thread;
	struct page page;
	struct view *data;

	TRY(page_read_again(request));
	TRY(find_thread(request, &channel, &thread));
	page_begin(&page, request, response);
	page_csrf(&page);
	page_place(&page);
	jw_text(&page.jw, "path", page_channel_path(request, request->path.guild_id, thread.id));
	TRY(page_workspace(&page, request->path.guild_id, thread.id));
	TRY(thread_to_json(request->db, &page.jw, "thread", &thread, request->caller.user_id));
	jw_flag(&page.jw, "is_private", thread.type == CHANNEL_TYPE_PRIVATE_THREAD);
	write_durations(&page.jw, thread.auto_archive_min);
	write_may(&page, &thread);
	TRY(thread_member_list_to_json(request->db, request->arena, &page.jw, "people", &channel, &asked));
	TRY(page_form(&page, &form, why));
	TRY(page_data(&page, &data));
	ready_people(request, data);
	if (form_find(&request->form, "name") == NULL)
		view_put(request->arena, view_find(data, "form"), "name", view_find(view_find(data, "thread"), "name"));
	return page_finish(&page, "page/thread");
}

enum err page_thread_show(struct request *request, struct response *response)
{
	return render(request, response, ERR_OK);
}

void page_thread_refused(struct request *request, struct response *response, enum err why)
{
	if (render(request, response, why) == ERR_OK)
		return;
	reply_clear(response);
	page_error(request, response, why);
}

static enum err back(struct request *request, struct response *response, const char *tail)
{
	const char *path = page_channel_path(request, request->path.guild_id, request->path.channel_id);

	reply_redirect(response, arena_printf(request->arena, "%s%s", path, tail));
	return ERR_OK;
}

enum err page_thread_update(struct request *request, struct response *response)
{
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	page_input_text(&input, "name");
	page_input_number(&input, "auto_archive_duration");
	/* A box that is not ticked is not sent, nor is one that was never shown: a field beside it tells. */
	if (form_find(&request->form, "has_locked") != NULL)
		page_input_flag(&input, "locked");
	TRY(page_input_submit(&input, OP_channel_update, &reply));
	return back(request, response, "");
}

enum err page_thread_archive(struct request *request, struct response *response)
{
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	jw_flag(&input.jw, "archived", form_find(&request->form, "archived") != NULL);
	TRY(page_input_submit(&input, OP_channel_update, &reply));
	return back(request, response, "");
}

/* Whoever has no such user name is no member either. */
enum err page_thread_add(struct request *request, struct response *response)
{
	const char *username = form_find(&request->form, "username");
	struct page_input input;
	struct op_reply reply;
	int64_t user_id;

	TRY(guild_find_member(request->db, request->path.guild_id, username != NULL ? username : "", &user_id));
	if (user_id == 0)
		return ERR_UNKNOWN_MEMBER;
	page_input_begin(&input, request);
	jw_id(&input.jw, "user_id", user_id);
	TRY(page_input_submit(&input, OP_thread_member_add, &reply));
	return back(request, response, "/thread");
}

enum err page_thread_remove(struct request *request, struct response *response)
{
	struct op_reply reply;
	enum err e = front_submit(request, OP_thread_member_remove, &reply);

	if (e != ERR_UNKNOWN_MEMBER) /* as was asked already */
		TRY(e);
	return back(request, response, "/thread");
}

/* Deleting asks once more, on a page of its own. */
enum err page_thread_delete_show(struct request *request, struct response *response)
{
	struct channel channel;
	struct thread thread;
	struct page page;

	TRY(find_thread(request, &channel, &thread));
	page_begin(&page, request, response);
	page_csrf(&page);
	jw_text(&page.jw, "path", page_channel_path(request, request->path.guild_id, thread.id));
	TRY(page_workspace(&page, request->path.guild_id, thread.id));
	jw_text(&page.jw, "name", thread.name);
	return page_finish(&page, "page/thread_delete");
}

enum err page_thread_delete(struct request *request, struct response *response)
{
	struct channel channel;
	struct thread thread;
	struct op_reply reply;

	TRY(find_thread(request, &channel, &thread));
	TRY(front_submit(request, OP_channel_delete, &reply));
	reply_redirect(response, page_channel_path(request, request->path.guild_id, thread.parent_id));
	return ERR_OK;
}
