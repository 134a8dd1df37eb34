/* The order of roles. Positions are renumbered from 1 without gaps, so it is the order that the hierarchy protects, not
 * the numbers: whoever stands at the actor's height or above must stand there afterwards, in the same order. */
#include "domain/audit/audit.h"
#include "domain/event/event.h"
#include "domain/perm.h"
#include "domain/role/role.h"
#include "domain/role/role_change.h"

#include <stdlib.h>

/* A role on its way. Where it was asked to stand it goes before whoever is there: above them when it comes from below.
 */
struct place {
	const struct role *role;
	int64_t position;
	int direction; /* 1 up, -1 down, 0 not asked for */
	bool is_given;
};

static int compare(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	if (x->position != y->position)
		return x->position > y->position ? -1 : 1;
	if (x->direction != y->direction)
		return x->direction > y->direction ? -1 : 1;
	return x->role->id < y->role->id ? -1 : x->role->id > y->role->id;
}

static enum err refuse(struct apply *apply, const char *code, const char *message)
{
	field_errors_add(&apply->errors, "items", code, message);
	return ERR_INVALID_FORM;
}

static struct place *find(struct place *places, size_t count, int64_t role_id)
{
	for (size_t i = 0; i < count; i++) {
		if (places[i].role->id == role_id)
			return &places[i];
	}
	return NULL;
}

static enum err take_item(struct apply *apply, int64_t guild_id, const json_t *item, struct place *places, size_t count)
{
	const json_t *position = json_object_get(item, "position");
	int64_t role_id = json_id(item, "id"), wanted = json_integer_value(position);
	if (!json_is_object(item) || role_id == 0)
		return refuse(apply, "DICT_TYPE_CONVERT", "Every item needs an id.");
	if (position == NULL || json_is_null(position))
		return ERR_OK;
	if (!json_is_integer(position) || wanted < 0 || wanted > ROLES_MAX)
		return refuse(apply, "NUMBER_TYPE_COERCE", "A position is a number from 1 to 250.");
	/* Discord's libraries send @everyone along, where it is. */
	if (role_id == guild_id)
		return wanted == 0 ? ERR_OK : ERR_INVALID_ROLE;
	struct place *place = find(places, count, role_id);
	if (place == NULL)
		return ERR_UNKNOWN_ROLE;
	if (wanted == 0)
		return refuse(apply, "NUMBER_TYPE_MIN", "Position 0 is of @everyone.");
	if (place->is_given)
		return refuse(apply, "ROLE_DUPLICATE", "The same role is named twice.");
	place->is_given = true;
	place->direction = (wanted > place->position) - (wanted < place->position);
	place->position = wanted;
	return ERR_OK;
}

static enum err take_order(struct apply *apply, const struct role_move_input *in, struct place *places, size_t count)
{
	if (!json_is_array(in->items))
		return refuse(apply, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
	if (json_array_size(in->items) > ROLES_MAX)
		return refuse(apply, "BASE_TYPE_MAX_LENGTH", "Must be 250 or fewer in length.");
	for (size_t i = 0; i < json_array_size(in->items); i++)
		TRY(take_item(apply, in->guild_id, json_array_get(in->items, i), places, count));
	return ERR_OK;
}

/* before and places list the same roles, highest first, as they were and as they are to be. */
static enum err check_heights(struct apply *apply, int64_t guild_id, const struct role *before,
			      const struct place *places, size_t count)
{
	struct perm_rank actor;
	TRY(perm_rank_of_member(apply->db, guild_id, apply->actor_id, &actor));
	for (size_t i = 0; i < count; i++) {
		const struct perm_rank rank = {.position = before[i].position, .role_id = before[i].id};
		if (perm_is_above(&actor, &rank))
			return ERR_OK; /* as are all below it */
		if (places[i].role != &before[i])
			return ERR_MISSING_PERMISSIONS;
	}
	return ERR_OK;
}

/* A line in the audit log for those that were asked to move; those that made room are told of by events alone. */
static enum err place_role(struct apply *apply, const struct place *place, int64_t position)
{
	struct audit_changes changes;
	struct role after = *place->role;
	after.position = position;
	if (after.position == place->role->position)
		return ERR_OK;
	TRY(sql_run(apply->db, QUERY_ROLE_SET_POSITION, SQL_ARGS(sql_id(after.id), sql_int(position)), NULL));
	TRY(role_announce(apply, "GUILD_ROLE_UPDATE", &after));
	if (!place->is_given)
		return ERR_OK;
	role_compare(apply, place->role, &after, &changes);
	return role_audit(apply, AUDIT_ROLE_UPDATE, &after, &changes);
}

enum err role_move_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct role_move_input *in = input;
	struct role *roles;
	size_t count;
	TRY(perm_require_guild(apply->db, apply->arena, in->guild_id, apply->actor_id, PERM_MANAGE_ROLES));
	TRY(role_list(apply->db, apply->arena, in->guild_id, &roles, &count));
	count--; /* @everyone is the last */
	struct place *places = arena_alloc(apply->arena, (count + 1) * sizeof(*places));
	for (size_t i = 0; i < count; i++)
		places[i] = (struct place){.role = &roles[i], .position = roles[i].position};
	TRY(take_order(apply, in, places, count));
	qsort(places, count, sizeof(*places), compare);
	TRY(check_heights(apply, in->guild_id, roles, places, count));
	for (size_t i = 0; i < count; i++)
		TRY(place_role(apply, &places[i], (int64_t)(count - i)));
	return role_list_to_json(apply->db, apply->arena, result, "roles", in->guild_id);
}
