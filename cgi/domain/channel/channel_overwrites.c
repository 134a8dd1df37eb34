/* Overwrites as a client sends them: [{id, type, allow, deny}]. */
#include "domain/channel/channel_overwrites.h"

#include "domain/member/member.h"

#include <string.h>

/* A permission mask arrives as a decimal string or an integer; anything else counts as none of the bits being valid. */
static bool bits_from_json(const json_t *object, const char *key, uint64_t *bits)
{
	const json_t *value = json_object_get(object, key);
	*bits = 0;
	if (value == NULL || json_is_null(value))
		return true;
	if (json_is_integer(value)) {
		*bits = (uint64_t)json_integer_value(value);
		return json_integer_value(value) >= 0;
	}
	const char *text = json_string_value(value);
	int64_t number = 0;
	if (text == NULL || (strcmp(text, "0") != 0 && !id_parse(text, strlen(text), &number)))
		return false;
	*bits = (uint64_t)number;
	return true;
}

static enum err check_target(struct apply *apply, int64_t guild_id, const struct perm_overwrite *overwrite)
{
	if (overwrite->target == PERM_TARGET_MEMBER) {
		struct member member;
		return member_find(apply->db, apply->arena, guild_id, overwrite->target_id, &member);
	}
	int64_t found;
	TRY(sql_find_int(apply->db, QUERY_ROLE_FIND_IN_GUILD, SQL_ARGS(sql_id(overwrite->target_id), sql_id(guild_id)),
			 &found));
	return found != 0 ? ERR_OK : ERR_UNKNOWN_ROLE;
}

static bool is_named_already(const struct perm_overwrite *list, size_t count, int64_t target_id)
{
	for (size_t i = 0; i < count; i++) {
		if (list[i].target_id == target_id)
			return true;
	}
	return false;
}

static enum err refuse(struct apply *apply, const char *code, const char *message)
{
	field_errors_add(&apply->errors, "permission_overwrites", code, message);
	return ERR_INVALID_FORM;
}

enum err channel_overwrites_decode(struct apply *apply, int64_t guild_id, uint64_t actor_bits, const json_t *list,
				   struct perm_overwrite **out, size_t *count)
{
	*count = 0;
	*out = arena_alloc(apply->arena, CHANNEL_OVERWRITES_MAX * sizeof(**out));
	if (list == NULL || json_is_null(list))
		return ERR_OK;
	if (!json_is_array(list))
		return refuse(apply, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
	if (json_array_size(list) > CHANNEL_OVERWRITES_GIVEN_MAX)
		return refuse(apply, "BASE_TYPE_MAX_LENGTH", "Too many overwrites.");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		struct perm_overwrite *overwrite = &(*out)[*count];
		overwrite->target_id = json_id(item, "id");
		overwrite->target =
		    json_int(item, "type") == PERM_TARGET_MEMBER ? PERM_TARGET_MEMBER : PERM_TARGET_ROLE;
		if (is_named_already(*out, *count, overwrite->target_id))
			return refuse(apply, "OVERWRITE_DUPLICATE", "The same role or member is named twice.");
		if (!bits_from_json(item, "allow", &overwrite->allow) ||
		    !bits_from_json(item, "deny", &overwrite->deny))
			return refuse(apply, "BITFIELD_TYPE_CONVERT", "Not a permission mask.");
		if ((overwrite->allow & overwrite->deny) != 0)
			return refuse(apply, "OVERWRITE_OVERLAP", "The same bit cannot be allowed and denied.");
		if (((overwrite->allow | overwrite->deny) & ~actor_bits) != 0)
			return ERR_MISSING_PERMISSIONS;
		TRY(check_target(apply, guild_id, overwrite));
		(*count)++;
	}
	return ERR_OK;
}
