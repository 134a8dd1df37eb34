/* The arithmetic of permissions, without a database. perm_load.c reads what it needs. */
#include "domain/perm.h"

uint64_t perm_base(const struct perm_member *member)
{
	uint64_t bits = member->everyone_bits;
	for (size_t i = 0; i < member->role_count; i++)
		bits |= member->role_bits[i];
	if (member->is_owner || (bits & PERM_ADMINISTRATOR) != 0)
		return PERM_ALL;
	return member->is_timed_out ? bits & PERM_TIMED_OUT : bits;
}

bool perm_is_above(const struct perm_rank *a, const struct perm_rank *b)
{
	if (a->is_owner || b->is_owner)
		return a->is_owner && !b->is_owner;
	return a->position != b->position ? a->position > b->position : a->role_id < b->role_id;
}

static bool has_role(const struct perm_member *member, int64_t role_id)
{
	for (size_t i = 0; i < member->role_count; i++) {
		if (member->role_ids[i] == role_id)
			return true;
	}
	return false;
}

uint64_t perm_in_channel(const struct perm_member *member, const struct perm_overwrite *overwrites, size_t count)
{
	uint64_t bits = perm_base(member);
	if ((bits & PERM_ADMINISTRATOR) != 0)
		return PERM_ALL;
	uint64_t role_allow = 0, role_deny = 0;
	const struct perm_overwrite *own = NULL;
	for (size_t i = 0; i < count; i++) {
		const struct perm_overwrite *o = &overwrites[i];
		if (o->target == PERM_TARGET_MEMBER) {
			if (o->target_id == member->user_id)
				own = o;
		} else if (o->target_id == member->guild_id) {
			bits = (bits & ~o->deny) | o->allow;
		} else if (has_role(member, o->target_id)) {
			role_allow |= o->allow;
			role_deny |= o->deny;
		}
	}
	bits = (bits & ~role_deny) | role_allow;
	if (own != NULL)
		bits = (bits & ~own->deny) | own->allow;
	if (member->is_timed_out)
		bits &= PERM_TIMED_OUT;
	return (bits & PERM_VIEW_CHANNEL) != 0 ? bits : 0;
}

uint64_t perm_in_thread(uint64_t bits, bool is_locked)
{
	const uint64_t writing = PERM_SEND_MESSAGES | PERM_SEND_IN_THREADS | PERM_ADD_REACTIONS;
	bool writes = perm_has(bits, PERM_SEND_IN_THREADS);
	bits = writes ? bits | PERM_SEND_MESSAGES : bits & ~PERM_SEND_MESSAGES;
	return is_locked && !perm_has(bits, PERM_MANAGE_THREADS) ? bits & ~writing : bits;
}

bool perm_has(uint64_t bits, uint64_t needed)
{
	return (bits & needed) == needed;
}
