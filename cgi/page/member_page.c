/* One member: their roles and name here, and what moderators do: time-out, removal, ban. */
#include "base/clock.h"
#include "base/id.h"
#include "domain/ban/ban.h"
#include "domain/block/block.h"
#include "domain/guild/guild.h"
#include "domain/member/member.h"
#include "domain/user/user.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/page_input.h"
#include "page/role_view.h"
#include "page/settings.h"
#include "text/fragment.h"

#include <string.h>

static const struct page_field fields[] = {{"nick", false}, {NULL, false}};
static const struct page_form form = {fields, NULL};

static const char *own_path(struct request *request)
{
	return page_guild_path(request,
			       arena_printf(request->arena, "/members/%lld", (long long)request->path.user_id));
}

/* What whoever asks may do to this member: the bit, and standing above; some of it to themselves. */
struct powers {
	bool is_self, is_above, is_administrator;
	uint64_t bits;
};

static enum err read_powers(struct request *request, const struct role_view *roles, struct powers *out)
{
	struct perm_rank rank;
	uint64_t bits;

	TRY(perm_rank_of_member(request->db, request->path.guild_id, request->path.user_id, &rank));
	TRY(perm_of_guild(request->db, request->arena, request->path.guild_id, request->path.user_id, &bits));
	*out = (struct powers){
	    .is_self = request->path.user_id == request->caller.user_id,
	    .is_above = perm_is_above(&roles->rank, &rank),
	    .is_administrator = perm_has(bits, PERM_ADMINISTRATOR),
	    .bits = roles->bits,
	};
	return ERR_OK;
}

static void write_powers(struct page *page, const struct powers *powers)
{
	struct jw *jw = &page->jw;
	bool names_others = perm_has(powers->bits, PERM_MANAGE_NICKNAMES);
	bool names_self = names_others || perm_has(powers->bits, PERM_CHANGE_NICKNAME);
	bool times_out = powers->is_above && !powers->is_administrator && perm_has(powers->bits, PERM_MODERATE_MEMBERS);
	bool kicks = powers->is_above && perm_has(powers->bits, PERM_KICK_MEMBERS);
	bool bans = powers->is_above && perm_has(powers->bits, PERM_BAN_MEMBERS);

	jw_flag(jw, "is_self", powers->is_self);
	jw_flag(jw, "may_name", powers->is_self ? names_self : powers->is_above && names_others);
	jw_flag(jw, "may_time_out", times_out);
	jw_flag(jw, "may_kick", kicks);
	jw_flag(jw, "may_ban", bans);
	jw_flag(jw, "may_moderate", times_out || kicks || bans);
	jw_flag(jw, "may_read_audit", perm_has(powers->bits, PERM_VIEW_AUDIT_LOG));
}

static bool may_give_to(const struct powers *powers)
{
	return (powers->is_above || powers->is_self) && perm_has(powers->bits, PERM_MANAGE_ROLES);
}

static bool has_pill(const struct view *pills, int64_t role_id)
{
	for (const struct view *pill = pills->first; pill != NULL; pill = pill->next) {
		if (view_id(pill, "id") == role_id)
			return true;
	}
	return false;
}

/* The roles that whoever asks may give and that are not there: a button each. */
static void put_offers(struct arena *arena, const struct role_view *roles, const struct powers *powers,
		       struct view *data)
{
	const struct view *pills = view_find(view_find(data, "member"), "pills");
	struct view *offers = view_put_list(arena, data, "offers");

	for (size_t i = 0; i < roles->count && may_give_to(powers); i++) {
		const struct role *role = &roles->list[i];
		const char *color = role_view_color(arena, role);

		if (!role_view_may_give(roles, role) || has_pill(pills, role->id))
			continue;
		struct view *offer = view_new_object(arena);
		view_put_text(arena, offer, "id", str_from(arena_printf(arena, "%lld", (long long)role->id)));
		view_put_text(arena, offer, "name", str_from(role->name));
		if (color != NULL)
			view_put_text(arena, offer, "color_hex", str_from(color));
		else
			view_put_null(arena, offer, "color_hex");
		view_append(offers, offer);
	}
	view_put_flag(arena, data, "has_offers", offers->first != NULL);
}

static void ready(struct request *request, const struct role_view *roles, const struct powers *powers,
		  struct view *data, int64_t timeout_until_ms)
{
	struct arena *arena = request->arena;
	struct view *member = view_find(data, "member");

	fragment_user(arena, view_find(member, "user"));
	role_view_put_pills(arena, roles, member);
	for (struct view *pill = view_find(member, "pills")->first; pill != NULL && !may_give_to(powers);
	     pill = pill->next)
		view_put_flag(arena, pill, "may_take", false);
	view_put_flag(arena, data, "has_roles", view_find(member, "pills")->first != NULL);
	fragment_date(arena, member, "joined", view_text(member, "joined_at"));
	if (timeout_until_ms > request->now_ms)
		fragment_moment(arena, member, "timed_out", view_text(member, "communication_disabled_until"));
	else
		view_put_null(arena, member, "timed_out");
	put_offers(arena, roles, powers, data);
}

/* Adds profile, what the person says of themselves, and is_blocked, whether the viewer wants to hear of them. */
static enum err write_person(struct page *page, int64_t user_id)
{
	struct request *request = page->request;
	struct user user;
	bool is_blocked;

	TRY(user_find(request->db, request->arena, user_id, &user));
	TRY(block_exists(request->db, request->caller.user_id, user_id, &is_blocked));
	user_profile_to_json(&page->jw, "profile", &user);
	jw_flag(&page->jw, "is_blocked", is_blocked);
	return ERR_OK;
}

static enum err render(struct request *request, struct response *response, enum err why)
{
	struct form *initial = arena_alloc(request->arena, sizeof(*initial));
	struct role_view roles;
	struct powers powers;
	struct member member;
	struct guild guild;
	struct page page;
	struct view *data;

	TRY(page_read_again(request));
	TRY(member_find(request->db, request->arena, request->path.guild_id, request->path.user_id, &member));
	TRY(guild_find(request->db, request->arena, request->path.guild_id, &guild));
	TRY(role_view_load(request, &roles));
	TRY(read_powers(request, &roles, &powers));
	page_form_put(initial, "nick", member.nickname);
	page_begin(&page, request, response);
	page_csrf(&page);
	TRY(page_settings(&page, PAGE_AT_MEMBERS));
	jw_id(&page.jw, "guild_id", guild.id);
	jw_flag(&page.jw, "is_owner", guild.owner_id == member.user_id);
	write_powers(&page, &powers);
	TRY(member_to_json(request->db, request->arena, &page.jw, "member", &member));
	TRY(write_person(&page, member.user_id));
	TRY(page_form_of(&page, &form, initial, why));
	TRY(page_data(&page, &data));
	ready(request, &roles, &powers, data, member.timeout_until_ms);
	return page_finish(&page, "page/member");
}

enum err page_member_show(struct request *request, struct response *response)
{
	return render(request, response, ERR_OK);
}

void page_member_refused(struct request *request, struct response *response, enum err why)
{
	if (render(request, response, why) == ERR_OK)
		return;
	reply_clear(response);
	page_error(request, response, why);
}

enum err page_member_nickname(struct request *request, struct response *response)
{
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	page_input_text(&input, "nick");
	TRY(page_input_submit(&input, OP_member_update, &reply));
	page_done(request, response, own_path(request), PAGE_DONE_SAVED);
	return ERR_OK;
}

enum err page_member_role_add(struct request *request, struct response *response)
{
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	page_input_id(&input, "role_id");
	TRY(page_input_submit(&input, OP_member_role_add, &reply));
	page_done(request, response, own_path(request), PAGE_DONE_ADDED);
	return ERR_OK;
}

enum err page_member_role_remove(struct request *request, struct response *response)
{
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	TRY(page_input_submit(&input, OP_member_role_remove, &reply));
	page_done(request, response, own_path(request), PAGE_DONE_REMOVED);
	return ERR_OK;
}

/* The form says for how long; nothing ends a time-out that there is. */
enum err page_member_timeout(struct request *request, struct response *response)
{
	const char *text = form_find(&request->form, "seconds");
	char until[CLOCK_ISO8601_SIZE];
	struct page_input input;
	struct op_reply reply;
	int64_t seconds = 0;

	page_input_begin(&input, request);
	if (text != NULL && text[0] != '\0' && !id_parse(text, strlen(text), &seconds))
		return ERR_BAD_REQUEST;
	if (seconds > MEMBER_TIMEOUT_MAX_MS / 1000)
		return ERR_BAD_REQUEST;
	clock_iso8601(request->now_ms + seconds * 1000, until);
	jw_text(&input.jw, "communication_disabled_until", seconds > 0 ? until : NULL);
	TRY(page_input_submit(&input, OP_member_update, &reply));
	page_done(request, response, own_path(request), PAGE_DONE_SAVED);
	return ERR_OK;
}

enum err page_member_kick(struct request *request, struct response *response)
{
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	TRY(page_input_submit(&input, OP_member_kick, &reply));
	page_done(request, response, page_guild_path(request, "/members"), PAGE_DONE_KICKED);
	return ERR_OK;
}

enum err page_member_ban(struct request *request, struct response *response)
{
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	page_input_number(&input, "delete_message_seconds");
	TRY(page_input_submit(&input, OP_ban_create, &reply));
	page_done(request, response, page_guild_path(request, "/members"), PAGE_DONE_BANNED);
	return ERR_OK;
}
