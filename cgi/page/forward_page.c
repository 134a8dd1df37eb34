/* Forwarding a message: choosing where to, and sending the copy. */
#include "base/id.h"
#include "domain/channel/channel.h"
#include "domain/channel/channel_sidebar.h"
#include "domain/message/message.h"
#include "domain/perm.h"
#include "front/limit.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/page_input.h"
#include "page/sidebar.h"
#include "text/fragment.h"

#include <string.h>

enum { REFERENCE_FORWARD = 1 /* Discord's type of a message_reference */ };

static const struct page_field fields[] = {{"target", false}, {NULL, false}};
static const struct page_form form = {fields, NULL};

/* Adds the channels of a list that the person may write in to another one. */
static enum err keep_open(struct request *request, const struct view *from, struct view *to)
{
	for (const struct view *each = from != NULL ? from->first : NULL; each != NULL; each = each->next) {
		uint64_t bits;
		int64_t id = view_id(each, "id");
		enum err e = perm_of_channel(request->db, request->arena, id, request->caller.user_id, &bits);
		if (e == ERR_UNKNOWN_CHANNEL || (e == ERR_OK && !perm_has(bits, PERM_SEND_MESSAGES)))
			continue;
		TRY(e);
		struct view *kept = view_new_object(request->arena);
		view_put(request->arena, kept, "id", view_find(each, "id"));
		view_put(request->arena, kept, "name", view_find(each, "name"));
		view_append(to, kept);
	}
	return ERR_OK;
}

/* Turns what the sidebar knows into targets, of the workspace, and directs: {id, name} each. */
static enum err ready_targets(struct request *request, struct view *data)
{
	struct arena *arena = request->arena;
	struct view *channels = view_find(data, "channels"), *groups = view_find(channels, "groups");
	struct view *known = view_find(data, "known_directs"), *targets = view_put_list(arena, data, "targets");

	for (const struct view *group = groups != NULL ? groups->first : NULL; group != NULL; group = group->next)
		TRY(keep_open(request, view_find(group, "channels"), targets));
	TRY(keep_open(request, view_find(channels, "more"), targets));
	view_put_flag(arena, data, "has_targets", targets->first != NULL);

	struct view *directs = view_put_list(arena, data, "directs");
	for (struct view *each = known->first; each != NULL; each = each->next) {
		struct view *channel = view_find(each, "channel"), *kept = view_new_object(arena);
		sidebar_ready_direct(arena, channel);
		view_put(arena, kept, "id", view_find(channel, "id"));
		view_put(arena, kept, "name", view_find(channel, "label"));
		view_append(directs, kept);
	}
	view_put_flag(arena, data, "has_directs", directs->first != NULL);
	return ERR_OK;
}

static enum err render(struct request *request, struct response *response, enum err why)
{
	const struct request_path *path = &request->path;
	const struct channel_sidebar whose = {request->caller.user_id, 0, request->now_ms};
	const struct message_at at = {path->channel_id, path->message_id, whose.user_id};
	int64_t guild_id = path->guild_id;
	struct page page;
	struct view *data;
	struct jw *jw = &page.jw;

	TRY(page_read_again(request));
	page_begin(&page, request, response);
	page_csrf(&page);
	page_place(&page);
	page_nonce(&page);
	jw_id(jw, "channel_id", path->channel_id);
	jw_id(jw, "message_id", path->message_id);
	TRY(page_workspace(&page, path->guild_id, path->channel_id));
	TRY(message_find_to_json(request->db, jw, "message", at, NULL));
	if (guild_id == 0)
		TRY(sidebar_last_guild(request, &guild_id));
	if (guild_id != 0)
		TRY(channel_sidebar_to_json(request->db, request->arena, jw, "channels", guild_id, &whose));
	TRY(channel_sidebar_direct_to_json(request->db, request->arena, jw, "known_directs", &whose));
	TRY(page_form(&page, &form, why));
	TRY(page_data(&page, &data));
	TRY(ready_targets(request, data));
	fragment_message(request->arena, view_find(data, "message"));
	view_put_text(request->arena, view_find(data, "workspace"), "back",
		      str_from(page_message_path(request, path->message_id)));
	return page_finish(&page, "page/message_forward");
}

enum err page_message_forward_show(struct request *request, struct response *response)
{
	return render(request, response, ERR_OK);
}

static enum err submit(struct request *request, const char *target)
{
	struct page_input input = {.request = request, .text = buf_in_arena(request->arena)};
	struct op_reply reply;
	struct jw *jw = &input.jw;

	jw_init(jw, input.text);
	jw_object(jw, NULL);
	jw_text(jw, "channel_id", target);
	page_input_text(&input, "nonce");
	jw_object(jw, "message_reference");
	jw_int(jw, "type", REFERENCE_FORWARD);
	jw_id(jw, "channel_id", request->path.channel_id);
	jw_id(jw, "message_id", request->path.message_id);
	jw_object_end(jw);
	return page_input_submit(&input, OP_message_create, &reply);
}

enum err page_message_forward(struct request *request, struct response *response)
{
	const char *target = form_find(&request->form, "target");
	struct channel channel;
	int64_t target_id;

	if (target == NULL || !id_parse(target, strlen(target), &target_id))
		return ERR_UNKNOWN_CHANNEL;
	if (target_id != request->path.channel_id)
		TRY(limit_take_message_in(request, target_id));
	TRY(submit(request, target));
	TRY(page_read_again(request));
	TRY(channel_find(request->db, request->arena, target_id, &channel));
	reply_redirect(response, page_channel_path(request, channel.guild_id, channel.id));
	return ERR_OK;
}

void page_message_forward_refused(struct request *request, struct response *response, enum err why)
{
	if (render(request, response, why) == ERR_OK)
		return;
	/* The message is gone: there is nothing to forward. */
	reply_clear(response);
	page_error(request, response, why);
}
