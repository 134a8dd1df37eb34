/* Who is in a conversation: the list, people added and taken out, who leads it, who is kept out. */
#include "domain/channel/channel_browse.h"
#include "domain/channel/channel_direct.h"
#include "domain/channel/channel_member.h"
#include "domain/channel/channel_rank.h"
#include "domain/perm.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page_input.h"
#include "page/settings.h"
#include "page/sidebar.h"
#include "text/fragment.h"

static const struct page_field fields[] = {{"q", false}, {"users", false}, {NULL, false}};
static const struct page_form form = {fields, NULL};

/* What the reader may do to one of the people: more than these the store refuses, less than these it would allow. */
struct powers {
	bool may_remove, may_ban, may_lead, may_own;
};

static enum err powers_over(struct request *request, const struct channel *channel, int64_t user_id, struct powers *out)
{
	const uint64_t bits = request->permissions;
	struct channel_rank own, other;

	*out = (struct powers){0};
	if (user_id == request->caller.user_id || channel->type == CHANNEL_TYPE_DM)
		return ERR_OK;
	if (channel->type == CHANNEL_TYPE_GROUP) {
		out->may_remove = perm_has(bits, PERM_KICK_MEMBERS);
		out->may_own = channel->owner_id == request->caller.user_id;
		return ERR_OK;
	}
	TRY(channel_rank_of(request->db, request->arena, channel, request->caller.user_id, &own));
	enum err e = channel_rank_of(request->db, request->arena, channel, user_id, &other);
	if (e == ERR_UNKNOWN_MEMBER)
		return ERR_OK;
	TRY(e);
	bool is_above = channel_rank_is_above(&own, &other);
	out->may_remove = is_above && perm_has(bits, PERM_KICK_MEMBERS);
	out->may_ban = is_above && perm_has(bits, PERM_BAN_MEMBERS);
	out->may_lead = is_above && perm_has(bits, PERM_CHANNEL_ADMIN) && own.level > CHANNEL_LEVEL_ADMIN;
	out->may_own = own.level >= CHANNEL_LEVEL_OWNER;
	return ERR_OK;
}

static bool is_role(const struct view *member, const char *role)
{
	return str_eq_text(view_text(member, "role"), role);
}

static enum err ready_member(struct request *request, const struct channel *channel, struct view *member)
{
	struct arena *arena = request->arena;
	struct view *user = view_find(member, "user");
	struct powers powers;

	fragment_user(arena, user);
	TRY(powers_over(request, channel, view_id(user, "id"), &powers));
	view_put_flag(arena, member, "is_owner", is_role(member, "owner"));
	view_put_flag(arena, member, "is_admin", is_role(member, "admin"));
	view_put_flag(arena, member, "is_moderator", is_role(member, "moderator"));
	view_put_flag(arena, member, "is_me", view_id(user, "id") == request->caller.user_id);
	view_put_flag(arena, member, "is_bot", view_find(user, "bot") && view_find(user, "bot")->type == VIEW_TRUE);
	view_put_flag(arena, member, "may_remove", powers.may_remove);
	view_put_flag(arena, member, "may_ban", powers.may_ban);
	view_put_flag(arena, member, "may_lead", powers.may_lead && !is_role(member, "owner"));
	view_put_flag(arena, member, "may_own", powers.may_own && !is_role(member, "owner"));
	view_put_flag(arena, member, "has_actions",
		      powers.may_remove || powers.may_ban || powers.may_lead || powers.may_own);
	return ERR_OK;
}

/* Whether the reader may add people, and from where: 0 where not. */
static int64_t guild_to_add_from(const struct request *request, const struct channel *channel)
{
	if (channel->type == CHANNEL_TYPE_GROUP)
		return channel->home_guild_id;
	bool may = channel->type == CHANNEL_TYPE_TEXT && channel->archived_at_ms == 0 &&
		   perm_has(request->permissions, PERM_CREATE_INVITE);
	return may ? channel->guild_id : 0;
}

static enum err write_candidates(struct page *page, const struct channel *channel)
{
	struct request *request = page->request;
	const struct channel_candidates which = {guild_to_add_from(request, channel), channel->id,
						 request->caller.user_id, form_find(&request->query, "q")};

	jw_flag(&page->jw, "may_add", which.guild_id != 0);
	if (which.guild_id != 0)
		return channel_candidates_to_json(request->db, request->arena, &page->jw, "people", &which);
	jw_array(&page->jw, "people");
	jw_array_end(&page->jw);
	return ERR_OK;
}

static enum err write_bans(struct page *page, const struct channel *channel)
{
	struct request *request = page->request;
	bool may_ban = channel->type == CHANNEL_TYPE_TEXT && perm_has(request->permissions, PERM_BAN_MEMBERS);

	jw_flag(&page->jw, "may_ban", may_ban);
	if (may_ban)
		return channel_ban_list_to_json(request->db, request->arena, &page->jw, "bans", channel->id);
	jw_array(&page->jw, "bans");
	jw_array_end(&page->jw);
	return ERR_OK;
}

static enum err ready_lists(struct request *request, const struct channel *channel, struct view *data)
{
	struct arena *arena = request->arena;
	struct view *members = view_find(data, "members"), *people = view_find(data, "people");
	struct view *bans = view_find(data, "bans"), *view = view_find(data, "channel");
	bool is_full = view_count(members) == CHANNEL_MEMBERS_PAGE_MAX;

	for (struct view *each = members->first; each; each = each->next)
		TRY(ready_member(request, channel, each));
	for (struct view *each = people->first; each; each = each->next) {
		fragment_user(arena, each);
		view_put_flag(arena, each, "is_chosen", false);
	}
	for (struct view *each = bans->first; each; each = each->next)
		fragment_user(arena, view_find(each, "user"));
	view_put(arena, data, "next", is_full ? view_find(view_find(members->last, "user"), "id") : NULL);
	view_put_flag(arena, data, "has_people", people->first != NULL);
	view_put_flag(arena, data, "has_bans", bans->first != NULL);
	view_put_null(arena, view, "label");
	if (view_find(view, "recipients") != NULL)
		sidebar_ready_direct(arena, view);
	return ERR_OK;
}

static enum err render(struct request *request, struct response *response, enum err why)
{
	struct channel channel;
	struct page page;
	struct view *data;
	int64_t count;

	TRY(page_read_again(request));
	TRY(channel_find(request->db, request->arena, request->path.channel_id, &channel));
	if (channel_is_thread(&channel)) /* which have a page of their own */
		return ERR_UNKNOWN_CHANNEL;
	if (channel.type == CHANNEL_TYPE_CATEGORY)
		return ERR_UNKNOWN_CHANNEL;
	page_begin(&page, request, response);
	page_csrf(&page);
	TRY(page_settings(&page, PAGE_AT_CHANNEL_MEMBERS));
	TRY(channel_member_count(request->db, channel.id, &count));
	jw_int(&page.jw, "member_count", count);
	jw_text(&page.jw, "path", page_own_channel_path(request, ""));
	jw_flag(&page.jw, "is_group", channel.type == CHANNEL_TYPE_GROUP);
	TRY(channel_view_to_json(request->db, request->arena, &page.jw, "channel", &channel, request->caller.user_id));
	TRY(channel_member_list_to_json(request->db, request->arena, &page.jw, "members", &channel, page_after(request),
					CHANNEL_MEMBERS_PAGE_MAX));
	TRY(write_candidates(&page, &channel));
	TRY(write_bans(&page, &channel));
	TRY(page_form(&page, &form, why));
	TRY(page_data(&page, &data));
	TRY(ready_lists(request, &channel, data));
	return page_finish(&page, "page/channel_members");
}

enum err page_channel_members_show(struct request *request, struct response *response)
{
	return render(request, response, ERR_OK);
}

void page_channel_members_refused(struct request *request, struct response *response, enum err why)
{
	if (render(request, response, why) == ERR_OK)
		return;
	reply_clear(response);
	page_error(request, response, why);
}

static enum err done(struct request *request, struct response *response, enum page_done what)
{
	page_done(request, response, page_own_channel_path(request, "/members"), what);
	return ERR_OK;
}

/* Whoever ticks nobody has added everybody they ticked. */
enum err page_channel_members_add(struct request *request, struct response *response)
{
	int64_t ids[FORM_FIELDS_MAX];
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	page_input_ids(&input, "users", "user-");
	if (page_form_ids(request, "user-", ids) > 0)
		TRY(page_input_submit(&input, OP_channel_member_add, &reply));
	return done(request, response, PAGE_DONE_ADDED);
}

enum err page_channel_member_remove(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_channel_member_remove, &reply));
	return done(request, response, PAGE_DONE_REMOVED);
}

enum err page_channel_member_role(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_channel_member_role, &reply));
	return done(request, response, PAGE_DONE_SAVED);
}

enum err page_channel_owner(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_channel_owner, &reply));
	return done(request, response, PAGE_DONE_TRANSFERRED);
}

enum err page_channel_ban(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_channel_ban_create, &reply));
	return done(request, response, PAGE_DONE_BANNED);
}

enum err page_channel_unban(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_channel_ban_delete, &reply));
	return done(request, response, PAGE_DONE_UNBANNED);
}
