/* Reacting and voting by forms, the page on which an emoji is picked, and who reacted or voted. The buttons under a
 * message post to the same addresses; the script of an open room takes the bare answer instead of the redirect. */
#include "domain/emoji/emoji.h"
#include "domain/message/message.h"
#include "domain/perm.h"
#include "domain/poll/poll.h"
#include "domain/reaction/reaction.h"
#include "front/reply.h"
#include "page/emoji_picker.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/page_input.h"
#include "text/emoji.h"
#include "text/fragment.h"

#include <string.h>

static enum err to_message(struct request *request, struct response *response)
{
	if (page_wants_fragment(request))
		reply_nothing(response);
	else
		reply_redirect(response, page_message_path(request, request->path.message_id));
	return ERR_OK;
}

static void write_place(struct page *page)
{
	page_csrf(page);
	page_place(page);
	jw_id(&page->jw, "channel_id", page->request->path.channel_id);
	jw_id(&page->jw, "message_id", page->request->path.message_id);
}

/* The emoji of the workspace, or with none of those that the person is in: what may be picked by a click. */
static enum err write_custom(struct page *page)
{
	struct request *request = page->request;

	if (request->path.guild_id != 0)
		return emoji_list_to_json(request->db, request->arena, &page->jw, "custom", request->path.guild_id,
					  false);
	jw_array(&page->jw, "custom");
	jw_array_end(&page->jw);
	return ERR_OK;
}

static enum err write_message(struct page *page)
{
	const struct request_path *path = &page->request->path;

	return message_find_to_json(
	    page->request->db, &page->jw, "message",
	    (struct message_at){path->channel_id, path->message_id, page->request->caller.user_id}, NULL);
}

static const struct page_field react_fields[] = {{"emoji", false}, {NULL, false}};
static const struct page_blame react_blames[] = {{ERR_INVALID_EMOJI, "emoji"}, {ERR_OK, NULL}};
static const struct page_form react_form = {react_fields, react_blames};

static enum err react_render(struct request *request, struct response *response, enum err why)
{
	struct page page;
	struct view *data, *custom;

	TRY(page_read_again(request));
	page_begin(&page, request, response);
	write_place(&page);
	TRY(page_workspace(&page, request->path.guild_id, request->path.channel_id));
	TRY(write_message(&page));
	TRY(write_custom(&page));
	TRY(page_form(&page, &react_form, why));
	TRY(page_data(&page, &data));
	fragment_message(request->arena, view_find(data, "message"));
	custom = view_find(data, "custom");
	for (struct view *each = custom->first; each != NULL; each = each->next)
		fragment_emoji(request->arena, each);
	/* What was typed and is no emoji is what is looked for. */
	emoji_picker_ready(request, data,
			   why == ERR_INVALID_EMOJI ? view_text(view_find(data, "form"), "emoji") : STR(""));
	view_put_text(request->arena, view_find(data, "workspace"), "back",
		      str_from(page_message_path(request, request->path.message_id)));
	return page_finish(&page, "page/react");
}

enum err page_react_show(struct request *request, struct response *response)
{
	return react_render(request, response, ERR_OK);
}

/* A name that was typed, with or without colons, becomes what it names; anything else is the op's to judge. */
static const char *typed_emoji(struct request *request, const char *typed)
{
	struct str name = str_trim(str_from(typed)), whole;
	struct emoji custom;

	if (name.n > 2 && name.p[0] == ':' && name.p[name.n - 1] == ':')
		name = (struct str){name.p + 1, name.n - 2};
	whole = emoji_by_name(name);
	if (whole.n > 0)
		return arena_strndup(request->arena, whole.p, whole.n);
	if (request->path.guild_id == 0 ||
	    emoji_find_by_name(request->db, request->arena, request->path.guild_id,
			       arena_strndup(request->arena, name.p, name.n), &custom) != ERR_OK)
		return typed;
	return arena_printf(request->arena, "%s:%lld", custom.name, (long long)custom.id);
}

enum err page_reaction_add(struct request *request, struct response *response)
{
	const struct reaction_add_input *in = request->input;
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	jw_id(&input.jw, "message_id", request->path.message_id);
	jw_text(&input.jw, "emoji", typed_emoji(request, in->emoji));
	TRY(page_input_submit(&input, OP_reaction_add, &reply));
	return to_message(request, response);
}

/* What was refused to a script is an error; to somebody who filled in the form, the form. */
void page_reaction_refused(struct request *request, struct response *response, enum err why)
{
	if (!page_wants_fragment(request) && react_render(request, response, why) == ERR_OK)
		return;
	reply_clear(response);
	page_error(request, response, why);
}

enum err page_reaction_remove(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_reaction_remove, &reply));
	return to_message(request, response);
}

static enum err vote(struct request *request, struct response *response, bool is_chosen)
{
	const struct poll_vote_input *in = request->input;
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	jw_id(&input.jw, "message_id", request->path.message_id);
	jw_int(&input.jw, "answer_id", in->answer_id);
	jw_flag(&input.jw, "is_chosen", is_chosen);
	TRY(page_input_submit(&input, OP_poll_vote, &reply));
	return to_message(request, response);
}

enum err page_vote(struct request *request, struct response *response)
{
	return vote(request, response, true);
}

enum err page_vote_remove(struct request *request, struct response *response)
{
	return vote(request, response, false);
}

enum err page_poll_end(struct request *request, struct response *response)
{
	struct op_reply reply;
	enum err e = front_submit(request, OP_poll_expire, &reply);

	return e == ERR_OK || e == ERR_POLL_ENDED ? to_message(request, response) : e;
}

/* Adds users to each kind of reaction, or each answer: the first REACTION_PAGE_MAX of them. */
static enum err read_people(struct request *request, struct view *group, bool is_poll)
{
	struct buf *text = buf_in_arena(request->arena);
	int64_t message_id = request->path.message_id;
	struct view *people;
	struct jw jw;

	jw_init(&jw, text);
	if (is_poll) {
		const struct poll_page page = {.answer_id = view_int(group, "answer_id"), .limit = POLL_PAGE_MAX};
		TRY(poll_voters_to_json(request->db, &jw, NULL, message_id, &page));
	} else {
		struct str key = view_text(group, "key");
		const struct reaction_page page = {.emoji = arena_strndup(request->arena, key.p, key.n),
						   .limit = REACTION_PAGE_MAX};
		TRY(reaction_users_to_json(request->db, request->arena, &jw, NULL, message_id, &page));
	}
	TRY(view_parse(request->arena, text->p, text->n, &people));
	for (struct view *each = people->first; each != NULL; each = each->next)
		fragment_user(request->arena, each);
	view_put_int(request->arena, group, "beyond", view_int(group, "count") - (int64_t)view_count(people));
	view_put(request->arena, group, "people", people);
	return ERR_OK;
}

static enum err people_render(struct request *request, struct response *response, bool is_poll)
{
	struct page page;
	struct view *data, *message, *groups;

	page_begin(&page, request, response);
	page_place(&page);
	TRY(page_workspace(&page, request->path.guild_id, request->path.channel_id));
	TRY(write_message(&page));
	TRY(page_data(&page, &data));
	message = view_find(data, "message");
	fragment_message(request->arena, message);
	groups = is_poll ? view_find(view_find(message, "poll"), "answers") : view_find(message, "reactions");
	if (is_poll && groups == NULL)
		return ERR_NO_POLL;
	for (struct view *each = groups != NULL ? groups->first : NULL; each != NULL; each = each->next)
		TRY(read_people(request, each, is_poll));
	view_put(request->arena, data, "responses", groups);
	view_put_flag(request->arena, data, "is_poll", is_poll);
	view_put_flag(request->arena, data, "has_responses", groups != NULL && groups->first != NULL);
	view_put_text(request->arena, view_find(data, "workspace"), "back",
		      str_from(page_message_path(request, request->path.message_id)));
	return page_finish(&page, "page/responses");
}

enum err page_reactions_show(struct request *request, struct response *response)
{
	return people_render(request, response, false);
}

enum err page_votes_show(struct request *request, struct response *response)
{
	return people_render(request, response, true);
}
