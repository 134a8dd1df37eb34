/* Giving roles to members and taking them. Whoever does that stands above the role, so nobody raises anybody to their
 * own height; and has every permission of a role they give, so nobody gets by a role what its giver lacks. */
#include "domain/audit/audit.h"
#include "domain/channel/channel.h"
#include "domain/member/member.h"
#include "domain/member/member_change.h"
#include "domain/perm.h"
#include "domain/role/role.h"

/* The actor as they are before anything changes, what the member may see then, and what is to change. */
struct hand {
	struct channel_access access;
	struct perm_rank rank;
	uint64_t bits;
	struct audit_name given[ROLES_MAX], taken[ROLES_MAX];
	size_t given_count, taken_count;
};

static enum err begin(struct apply *apply, const struct member *member, struct hand **out)
{
	struct hand *hand = *out = arena_alloc(apply->arena, sizeof(*hand));
	TRY(member_require_above_or_self(apply, member, PERM_MANAGE_ROLES));
	TRY(channel_access_note(apply, member->guild_id, member->user_id, &hand->access));
	TRY(perm_of_guild(apply->db, apply->arena, member->guild_id, apply->actor_id, &hand->bits));
	return perm_rank_of_member(apply->db, member->guild_id, apply->actor_id, &hand->rank);
}

static enum err find_below(struct apply *apply, const struct member *member, const struct hand *hand, int64_t role_id,
			   struct role *role)
{
	if (role_id == member->guild_id)
		return ERR_INVALID_ROLE;
	TRY(role_find(apply->db, apply->arena, member->guild_id, role_id, role));
	const struct perm_rank rank = {.position = role->position, .role_id = role->id};
	return perm_is_above(&hand->rank, &rank) ? ERR_OK : ERR_MISSING_PERMISSIONS;
}

/* One that is there already changes nothing, but whoever asks must be allowed to. */
static enum err give(struct apply *apply, const struct member *member, struct hand *hand, int64_t role_id)
{
	struct role role;
	int changes;
	TRY(find_below(apply, member, hand, role_id, &role));
	if (!perm_has(hand->bits, role.bits))
		return ERR_MISSING_PERMISSIONS;
	TRY(sql_run(apply->db, QUERY_MEMBER_ROLE_INSERT,
		    SQL_ARGS(sql_id(member->guild_id), sql_id(member->user_id), sql_id(role_id)), &changes));
	if (changes > 0)
		hand->given[hand->given_count++] = (struct audit_name){role.id, role.name};
	return ERR_OK;
}

static enum err take(struct apply *apply, const struct member *member, struct hand *hand, int64_t role_id)
{
	struct role role;
	int changes;
	TRY(find_below(apply, member, hand, role_id, &role));
	TRY(sql_run(apply->db, QUERY_MEMBER_ROLE_DELETE,
		    SQL_ARGS(sql_id(member->guild_id), sql_id(member->user_id), sql_id(role_id)), &changes));
	if (changes > 0)
		hand->taken[hand->taken_count++] = (struct audit_name){role.id, role.name};
	return ERR_OK;
}

/* The audit log's line, and what has appeared to the member or vanished. */
static enum err finish(struct apply *apply, const struct member *member, const struct hand *hand, bool *is_changed)
{
	struct audit_changes changes;
	const struct audit_entry entry = {.guild_id = member->guild_id,
					  .action = AUDIT_MEMBER_ROLE_UPDATE,
					  .target_id = member->user_id,
					  .changes = &changes};
	*is_changed = hand->given_count + hand->taken_count > 0;
	if (!*is_changed)
		return ERR_OK;
	audit_changes_begin(apply, &changes);
	audit_changed_names(&changes, "$add", hand->given, hand->given_count);
	audit_changed_names(&changes, "$remove", hand->taken, hand->taken_count);
	TRY(audit_append(apply, &entry));
	return channel_access_changed(apply, &hand->access);
}

static enum err change_one(struct apply *apply, int64_t guild_id, int64_t user_id, int64_t role_id, bool gives)
{
	struct member member;
	struct hand *hand;
	bool is_changed;
	TRY(perm_require_guild(apply->db, apply->arena, guild_id, apply->actor_id, PERM_MANAGE_ROLES));
	TRY(member_find(apply->db, apply->arena, guild_id, user_id, &member));
	TRY(begin(apply, &member, &hand));
	TRY(gives ? give(apply, &member, hand, role_id) : take(apply, &member, hand, role_id));
	TRY(finish(apply, &member, hand, &is_changed));
	return is_changed ? member_announce(apply, "GUILD_MEMBER_UPDATE", &member) : ERR_OK;
}

enum err member_role_add_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct member_role_add_input *in = input;
	(void)result;
	return change_one(apply, in->guild_id, in->user_id, in->role_id, true);
}

enum err member_role_remove_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct member_role_remove_input *in = input;
	(void)result;
	return change_one(apply, in->guild_id, in->user_id, in->role_id, false);
}

struct ids {
	int64_t list[ROLES_MAX];
	size_t count;
};

static bool holds(const struct ids *ids, int64_t id)
{
	for (size_t i = 0; i < ids->count; i++) {
		if (ids->list[i] == id)
			return true;
	}
	return false;
}

static enum err refuse(struct apply *apply, const char *code, const char *message)
{
	field_errors_add(&apply->errors, "roles", code, message);
	return ERR_INVALID_FORM;
}

/* The ids that are wanted, each once. Discord's libraries count @everyone among a member's roles and send it along. */
static enum err read_wanted(struct apply *apply, int64_t guild_id, const json_t *list, struct ids *wanted)
{
	wanted->count = 0;
	if (list == NULL || json_is_null(list))
		return ERR_OK;
	if (!json_is_array(list))
		return refuse(apply, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
	if (json_array_size(list) > ROLES_MAX)
		return refuse(apply, "BASE_TYPE_MAX_LENGTH", "Must be 250 or fewer in length.");
	for (size_t i = 0; i < json_array_size(list); i++) {
		int64_t id = json_id_of(json_array_get(list, i));
		if (id == 0)
			return refuse(apply, "NUMBER_TYPE_COERCE", "Value is not a snowflake.");
		if (id != guild_id && !holds(wanted, id))
			wanted->list[wanted->count++] = id;
	}
	return ERR_OK;
}

static enum err read_current(struct apply *apply, const struct member *member, struct ids *current)
{
	struct sql_stmt *stmt;
	current->count = 0;
	TRY(sql_start(apply->db, QUERY_ROLE_LIST_IDS_OF_MEMBER,
		      SQL_ARGS(sql_id(member->guild_id), sql_id(member->user_id)), &stmt));
	while (current->count < ROLES_MAX && sql_step(stmt))
		current->list[current->count++] = sql_column_int(stmt, 0);
	return sql_finish(stmt);
}

enum err member_roles_set(struct apply *apply, const struct member *member, const json_t *list, bool *is_changed)
{
	struct ids *wanted = arena_alloc(apply->arena, sizeof(*wanted));
	struct ids *current = arena_alloc(apply->arena, sizeof(*current));
	struct hand *hand;
	TRY(begin(apply, member, &hand));
	TRY(read_wanted(apply, member->guild_id, list, wanted));
	TRY(read_current(apply, member, current));
	for (size_t i = 0; i < current->count; i++) {
		if (!holds(wanted, current->list[i]))
			TRY(take(apply, member, hand, current->list[i]));
	}
	for (size_t i = 0; i < wanted->count; i++) {
		if (!holds(current, wanted->list[i]))
			TRY(give(apply, member, hand, wanted->list[i]));
	}
	return finish(apply, member, hand, is_changed);
}
