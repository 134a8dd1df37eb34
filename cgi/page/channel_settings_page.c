/* The settings of one conversation: what I hear of it, and, for those who may, what it is. Of a direct message or group
 * the same page, with less on it. */
#include "domain/channel/channel_member.h"
#include "domain/perm.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page_input.h"
#include "page/settings.h"
#include "page/sidebar.h"
#include "text/fragment.h"

#include <stdlib.h>
#include <string.h>

static const struct page_field fields[] = {
    {"name", false}, {"topic", false}, {"rate_limit_per_user", false}, {"parent_id", false}, {NULL, false}};
static const struct page_blame blames[] = {{ERR_CHANNEL_NAME_TAKEN, "name"}, {ERR_OK, NULL}};
static const struct page_form form = {fields, blames};

/* What slow mode may be without typing a number, in seconds. */
static const int64_t slow_modes_s[] = {0, 5, 10, 30, 60, 300, 900, 3600, 21600};

static void write_slow_mode(struct jw *jw, int64_t seconds, bool is_chosen)
{
	bool is_hours = seconds > 0 && seconds % 3600 == 0, is_minutes = seconds > 0 && !is_hours && seconds % 60 == 0;

	jw_object(jw, NULL);
	jw_int(jw, "seconds", seconds);
	jw_flag(jw, "is_off", seconds == 0);
	jw_flag(jw, "is_seconds", seconds > 0 && !is_hours && !is_minutes);
	jw_int(jw, "minutes", is_minutes ? seconds / 60 : 0);
	jw_int(jw, "hours", is_hours ? seconds / 3600 : 0);
	jw_flag(jw, "is_chosen", is_chosen);
	jw_object_end(jw);
}

/* Another number, which a script has set, is one of the choices too. */
static void write_slow_modes(struct jw *jw, int64_t now_s)
{
	bool is_listed = false;

	jw_array(jw, "slow_modes");
	for (size_t i = 0; i < sizeof(slow_modes_s) / sizeof(slow_modes_s[0]); i++) {
		is_listed = is_listed || slow_modes_s[i] == now_s;
		write_slow_mode(jw, slow_modes_s[i], slow_modes_s[i] == now_s);
	}
	if (!is_listed)
		write_slow_mode(jw, now_s, true);
	jw_array_end(jw);
}

static enum err write_categories(struct page *page, const struct channel *channel)
{
	struct request *request = page->request;
	struct channel *list = NULL;
	size_t count = 0;

	if (channel->guild_id != 0)
		TRY(channel_list_visible(request->db, request->arena, channel->guild_id, request->caller.user_id, &list,
					 &count));
	jw_array(&page->jw, "categories");
	for (size_t i = 0; i < count; i++) {
		if (list[i].type != CHANNEL_TYPE_CATEGORY)
			continue;
		jw_object(&page->jw, NULL);
		jw_id(&page->jw, "id", list[i].id);
		jw_text(&page->jw, "name", list[i].name);
		jw_flag(&page->jw, "is_chosen", list[i].id == channel->parent_id);
		jw_object_end(&page->jw);
	}
	jw_array_end(&page->jw);
	return ERR_OK;
}

/* What this person hears of it; own is null for who is not in it. */
static enum err write_own(struct page *page, const struct channel *channel, bool *is_in)
{
	struct request *request = page->request;
	struct jw *jw = &page->jw;
	struct channel_member member;

	enum err e = channel_member_find(request->db, channel->id, request->caller.user_id, request->now_ms, &member);
	*is_in = e == ERR_OK;
	if (e == ERR_UNKNOWN_MEMBER) {
		jw_null(jw, "own");
		return ERR_OK;
	}
	TRY(e);
	jw_object(jw, "own");
	jw_flag(jw, "is_muted", member.is_muted);
	jw_time(jw, "muted_until", member.is_muted ? member.muted_until_ms : 0);
	jw_flag(jw, "level_default", member.notification_level < 0);
	jw_flag(jw, "level_all", member.notification_level == 0);
	jw_flag(jw, "level_mentions", member.notification_level == 1);
	jw_flag(jw, "level_nothing", member.notification_level == 2);
	jw_object_end(jw);
	return ERR_OK;
}

static enum err may_set_default(struct request *request, const struct channel *channel, bool *may)
{
	uint64_t bits;

	*may = false;
	if (channel->guild_id == 0)
		return ERR_OK;
	TRY(perm_of_guild(request->db, request->arena, channel->guild_id, request->caller.user_id, &bits));
	*may = perm_has(bits, PERM_MANAGE_CHANNELS);
	return ERR_OK;
}

/* Which parts of the page there are. */
static enum err write_parts(struct page *page, const struct channel *channel, bool is_in)
{
	const uint64_t bits = page->request->permissions;
	bool is_text = channel->type == CHANNEL_TYPE_TEXT, is_group = channel->type == CHANNEL_TYPE_GROUP;
	bool is_managed = !channel_is_direct(channel) && perm_has(bits, PERM_MANAGE_CHANNELS), may_be_default;
	struct jw *jw = &page->jw;

	TRY(may_set_default(page->request, channel, &may_be_default));
	jw_flag(jw, "is_text", is_text);
	jw_flag(jw, "is_group", is_group);
	jw_flag(jw, "is_dm", channel->type == CHANNEL_TYPE_DM);
	jw_flag(jw, "is_category", channel->type == CHANNEL_TYPE_CATEGORY);
	jw_flag(jw, "may_change", is_managed || is_group);
	jw_flag(jw, "may_set_default", is_text && may_be_default);
	jw_flag(jw, "may_archive", is_text && is_managed);
	jw_flag(jw, "may_set_access", is_text && is_managed && perm_has(bits, PERM_MANAGE_ROLES));
	jw_flag(jw, "may_delete", is_managed);
	jw_flag(jw, "may_leave", is_in && (is_text || is_group));
	return ERR_OK;
}

/* What the form shows before anything was typed. */
static void fill_in(struct arena *arena, struct view *data)
{
	struct view *shown = view_find(data, "form");
	const struct view *channel = view_find(data, "channel");

	view_put(arena, shown, "name", view_find(channel, "name"));
	view_put(arena, shown, "topic", view_find(channel, "topic"));
}

static void ready_channel(struct arena *arena, struct view *data)
{
	static const char *const of_workspace[] = {"topic", "private", "archived", "default"};
	struct view *channel = view_find(data, "channel"), *own = view_find(data, "own");

	view_put_null(arena, channel, "label");
	if (view_find(channel, "recipients") != NULL)
		sidebar_ready_direct(arena, channel);
	for (size_t i = 0; i < sizeof(of_workspace) / sizeof(of_workspace[0]); i++) {
		if (view_find(channel, of_workspace[i]) == NULL)
			view_put_null(arena, channel, of_workspace[i]);
	}
	if (view_find(channel, "name") == NULL)
		view_put_null(arena, channel, "name");
	if (!view_is_object(own))
		return;
	struct str until = view_text(own, "muted_until");
	view_put_null(arena, own, "until");
	if (until.n > 0)
		fragment_date(arena, own, "until", until);
}

static enum err render(struct request *request, struct response *response, enum err why)
{
	struct channel channel;
	struct page page;
	struct view *data;
	bool is_in;

	TRY(page_read_again(request));
	TRY(channel_find(request->db, request->arena, request->path.channel_id, &channel));
	if (channel_is_thread(&channel)) /* which have a page of their own */
		return ERR_UNKNOWN_CHANNEL;
	page_begin(&page, request, response);
	page_csrf(&page);
	TRY(page_settings(&page, PAGE_AT_CHANNEL));
	jw_text(&page.jw, "path", page_own_channel_path(request, ""));
	TRY(channel_view_to_json(request->db, request->arena, &page.jw, "channel", &channel, request->caller.user_id));
	TRY(write_own(&page, &channel, &is_in));
	TRY(write_parts(&page, &channel, is_in));
	TRY(write_categories(&page, &channel));
	write_slow_modes(&page.jw, channel.slow_mode_s);
	TRY(page_form(&page, &form, why));
	TRY(page_data(&page, &data));
	ready_channel(request->arena, data);
	if (form_find(&request->form, "name") == NULL)
		fill_in(request->arena, data);
	view_put_flag(request->arena, data, "has_categories", view_find(data, "categories")->first != NULL);
	return page_finish(&page, "page/channel_settings");
}

enum err page_channel_settings_show(struct request *request, struct response *response)
{
	return render(request, response, ERR_OK);
}

void page_channel_settings_refused(struct request *request, struct response *response, enum err why)
{
	if (render(request, response, why) == ERR_OK)
		return;
	reply_clear(response);
	page_error(request, response, why);
}

static enum err saved(struct request *request, struct response *response, enum page_done done)
{
	page_done(request, response, page_own_channel_path(request, "/settings"), done);
	return ERR_OK;
}

enum err page_channel_update(struct request *request, struct response *response)
{
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	page_input_text(&input, "name");
	page_input_text(&input, "topic");
	page_input_id(&input, "parent_id");
	page_input_number(&input, "rate_limit_per_user");
	/* A box that is not ticked is not sent, nor is one that was never shown: a field beside it tells. */
	if (form_find(&request->form, "has_default") != NULL)
		page_input_flag(&input, "default");
	TRY(page_input_submit(&input, OP_channel_update, &reply));
	return saved(request, response, PAGE_DONE_SAVED);
}

/* "off", "keep", or how many seconds from now; 0 until it is taken back. */
static void write_mute(struct page_input *input)
{
	const char *mute = form_find(&input->request->form, "mute");

	if (mute == NULL || strcmp(mute, "keep") == 0)
		return;
	jw_flag(&input->jw, "muted", strcmp(mute, "off") != 0);
	int64_t seconds = strtoll(mute, NULL, 10);
	if (seconds > 0)
		jw_int(&input->jw, "mute_for_s", seconds);
}

enum err page_channel_own_settings(struct request *request, struct response *response)
{
	const char *level = form_find(&request->form, "notification_level");
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	write_mute(&input);
	if (level != NULL && level[0] == '\0')
		jw_null(&input.jw, "notification_level");
	else
		page_input_number(&input, "notification_level");
	TRY(page_input_submit(&input, OP_channel_settings, &reply));
	return saved(request, response, PAGE_DONE_SAVED);
}

enum err page_channel_archive(struct request *request, struct response *response)
{
	bool is_archived = form_find(&request->form, "archived") != NULL;
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	jw_flag(&input.jw, "archived", is_archived);
	TRY(page_input_submit(&input, OP_channel_update, &reply));
	return saved(request, response, is_archived ? PAGE_DONE_ARCHIVED : PAGE_DONE_UNARCHIVED);
}

enum err page_channel_access(struct request *request, struct response *response)
{
	const char *access = form_find(&request->form, "access");
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	if (access != NULL)
		jw_flag(&input.jw, "private", strcmp(access, "private") == 0);
	TRY(page_input_submit(&input, OP_channel_update, &reply));
	return saved(request, response, PAGE_DONE_SAVED);
}

/* Deleting asks once more, on a page of its own; a direct message is only closed, and comes back with the next word. */
enum err page_channel_delete_show(struct request *request, struct response *response)
{
	struct channel channel;
	struct page page;

	TRY(channel_find(request->db, request->arena, request->path.channel_id, &channel));
	if (channel_is_thread(&channel)) /* which have a page of their own */
		return ERR_UNKNOWN_CHANNEL;
	page_begin(&page, request, response);
	page_csrf(&page);
	TRY(page_settings(&page, PAGE_AT_CHANNEL));
	jw_text(&page.jw, "path", page_own_channel_path(request, ""));
	jw_text(&page.jw, "name", channel.name);
	jw_flag(&page.jw, "is_category", channel.type == CHANNEL_TYPE_CATEGORY);
	return page_finish(&page, "page/channel_delete");
}

enum err page_channel_delete(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_channel_delete, &reply));
	if (request->path.guild_id != 0)
		page_done(request, response, page_guild_path(request, "/channels"), PAGE_DONE_DELETED);
	else
		reply_redirect(response, "/");
	return ERR_OK;
}
