/* Permissions of somebody somewhere: reads members, roles and overwrites and asks the arithmetic of perm.c. */
#include "base/clock.h"
#include "domain/channel/channel.h"
#include "domain/perm.h"

enum err perm_load_member(struct sql *db, struct arena *arena, int64_t guild_id, int64_t user_id,
			  struct perm_member *out)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_MEMBER_PERM, SQL_ARGS(sql_id(guild_id), sql_id(user_id)), &stmt));
	bool is_member = sql_step(stmt);
	*out = (struct perm_member){.user_id = user_id, .guild_id = guild_id};
	if (is_member) {
		out->is_owner = sql_column_int(stmt, 0) != 0;
		out->everyone_bits = (uint64_t)sql_column_int(stmt, 1);
		out->is_timed_out = sql_column_int(stmt, 2) > clock_now_ms();
	}
	TRY(sql_finish(stmt));
	if (!is_member)
		return ERR_UNKNOWN_GUILD;

	TRY(sql_start(db, QUERY_ROLE_LIST_BITS_OF_MEMBER, SQL_ARGS(sql_id(guild_id), sql_id(user_id)), &stmt));
	int64_t *ids = NULL;
	uint64_t *bits = NULL;
	while (sql_step(stmt) && out->role_count < ROLES_MAX) {
		if (ids == NULL) {
			ids = arena_alloc(arena, ROLES_MAX * sizeof(*ids));
			bits = arena_alloc(arena, ROLES_MAX * sizeof(*bits));
		}
		ids[out->role_count] = sql_column_int(stmt, 0);
		bits[out->role_count] = (uint64_t)sql_column_int(stmt, 1);
		out->role_count++;
	}
	out->role_ids = ids;
	out->role_bits = bits;
	return sql_finish(stmt);
}

enum err perm_rank_of_member(struct sql *db, int64_t guild_id, int64_t user_id, struct perm_rank *out)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_MEMBER_RANK, SQL_ARGS(sql_id(guild_id), sql_id(user_id)), &stmt));
	bool is_member = sql_step(stmt);
	*out = (struct perm_rank){.role_id = guild_id};
	if (is_member) {
		out->is_owner = sql_column_int(stmt, 0) != 0;
		if (sql_column_int(stmt, 2) != 0)
			*out = (struct perm_rank){out->is_owner, sql_column_int(stmt, 1), sql_column_int(stmt, 2)};
	}
	TRY(sql_finish(stmt));
	return is_member ? ERR_OK : ERR_UNKNOWN_MEMBER;
}

enum err perm_rank_of_role(struct sql *db, int64_t guild_id, int64_t role_id, struct perm_rank *out)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_ROLE_RANK, SQL_ARGS(sql_id(role_id), sql_id(guild_id)), &stmt));
	bool found = sql_step(stmt);
	*out = (struct perm_rank){.role_id = role_id};
	if (found)
		out->position = sql_column_int(stmt, 0);
	TRY(sql_finish(stmt));
	return found ? ERR_OK : ERR_UNKNOWN_ROLE;
}

static enum err require_above(struct sql *db, int64_t guild_id, int64_t actor_id, const struct perm_rank *target)
{
	struct perm_rank actor;
	TRY(perm_rank_of_member(db, guild_id, actor_id, &actor));
	return perm_is_above(&actor, target) ? ERR_OK : ERR_MISSING_PERMISSIONS;
}

enum err perm_require_above_member(struct sql *db, struct arena *arena, int64_t guild_id, int64_t actor_id,
				   int64_t target_id, uint64_t needed)
{
	struct perm_rank target;
	TRY(perm_require_guild(db, arena, guild_id, actor_id, needed));
	TRY(perm_rank_of_member(db, guild_id, target_id, &target));
	return require_above(db, guild_id, actor_id, &target);
}

enum err perm_require_above_role(struct sql *db, struct arena *arena, int64_t guild_id, int64_t actor_id,
				 int64_t role_id, uint64_t needed)
{
	struct perm_rank target;
	TRY(perm_require_guild(db, arena, guild_id, actor_id, needed));
	TRY(perm_rank_of_role(db, guild_id, role_id, &target));
	return require_above(db, guild_id, actor_id, &target);
}

enum err perm_of_guild(struct sql *db, struct arena *arena, int64_t guild_id, int64_t user_id, uint64_t *bits)
{
	struct perm_member member;
	*bits = 0;
	TRY(perm_load_member(db, arena, guild_id, user_id, &member));
	*bits = perm_base(&member);
	return ERR_OK;
}

/* A group is for members of the workspace it was made in. */
static enum err direct_bits(struct sql *db, const struct channel *channel, int64_t user_id, uint64_t *bits)
{
	struct sql_stmt *stmt;
	TRY(sql_start(db, QUERY_CHANNEL_MEMBER_PERM, SQL_ARGS(sql_id(channel->id), sql_id(user_id)), &stmt));
	if (sql_step(stmt))
		*bits = PERM_DIRECT | (sql_column_int(stmt, 0) != 0 ? PERM_GROUP_OWNER : 0);
	return sql_finish(stmt);
}

/* A deleted one counts as it stood, as its channel does. */
static enum err thread_bits(struct sql *db, struct arena *arena, const struct channel *thread, int64_t user_id,
			    uint64_t *bits)
{
	struct channel parent;
	int64_t joined_at_ms;
	TRY(channel_find_any(db, arena, thread->parent_id, &parent));
	TRY(perm_of_read_channel(db, arena, &parent, user_id, bits));
	if (*bits != 0 && thread->type == CHANNEL_TYPE_PRIVATE_THREAD && !perm_has(*bits, PERM_MANAGE_THREADS)) {
		TRY(sql_find_int(db, QUERY_THREAD_MEMBER_JOINED_AT, SQL_ARGS(sql_id(thread->id), sql_id(user_id)),
				 &joined_at_ms));
		if (joined_at_ms == 0)
			*bits = 0;
	}
	*bits = *bits == 0 ? 0 : perm_in_thread(*bits, thread->is_locked);
	return ERR_OK;
}

uint64_t perm_of_member_in(const struct perm_member *member, const struct channel *channel)
{
	uint64_t bits = perm_in_channel(member, channel->overwrites, channel->overwrite_count);
	return bits != 0 && channel->owner_id == member->user_id && !member->is_timed_out ? bits | PERM_CHANNEL_OWNER
											  : bits;
}

enum err perm_of_read_channel(struct sql *db, struct arena *arena, const struct channel *channel, int64_t user_id,
			      uint64_t *bits)
{
	struct perm_member member;
	*bits = 0;
	if (channel_is_direct(channel))
		return direct_bits(db, channel, user_id, bits);
	if (channel_is_thread(channel))
		return thread_bits(db, arena, channel, user_id, bits);
	enum err err = perm_load_member(db, arena, channel->guild_id, user_id, &member);
	if (err == ERR_UNKNOWN_GUILD)
		return ERR_OK;
	TRY(err);
	*bits = perm_of_member_in(&member, channel);
	return ERR_OK;
}

enum err perm_open_channel(struct sql *db, struct arena *arena, int64_t channel_id, int64_t user_id,
			   struct channel *channel, uint64_t *bits)
{
	*bits = 0;
	TRY(channel_find(db, arena, channel_id, channel));
	TRY(perm_of_read_channel(db, arena, channel, user_id, bits));
	return *bits == 0 ? ERR_UNKNOWN_CHANNEL : ERR_OK;
}

enum err perm_of_channel(struct sql *db, struct arena *arena, int64_t channel_id, int64_t user_id, uint64_t *bits)
{
	struct channel channel;
	return perm_open_channel(db, arena, channel_id, user_id, &channel, bits);
}

enum err perm_require_guild(struct sql *db, struct arena *arena, int64_t guild_id, int64_t user_id, uint64_t needed)
{
	uint64_t bits;
	TRY(perm_of_guild(db, arena, guild_id, user_id, &bits));
	return perm_has(bits, needed) ? ERR_OK : ERR_MISSING_PERMISSIONS;
}

enum err perm_require_channel(struct sql *db, struct arena *arena, int64_t channel_id, int64_t user_id, uint64_t needed)
{
	uint64_t bits;
	TRY(perm_of_channel(db, arena, channel_id, user_id, &bits));
	return perm_has(bits, needed) ? ERR_OK : ERR_MISSING_PERMISSIONS;
}

enum err perm_sees_channel(struct sql *db, struct arena *arena, int64_t channel_id, int64_t user_id, bool *visible,
			   bool *is_deleted)
{
	struct channel channel;
	uint64_t bits;
	*visible = *is_deleted = false;
	enum err err = channel_find_any(db, arena, channel_id, &channel);
	if (err == ERR_UNKNOWN_CHANNEL)
		return ERR_OK;
	TRY(err);
	TRY(perm_of_read_channel(db, arena, &channel, user_id, &bits));
	*visible = bits != 0;
	*is_deleted = channel.is_deleted;
	return ERR_OK;
}
