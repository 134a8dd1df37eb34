#include "domain/channel/channel_check.h"
#include "domain/channel/channel_member.h"

#include <stdio.h>

enum err channel_check_name(struct apply *apply, const struct channel *channel, const char *name)
{
	int64_t other;
	TRY(sql_find_int(apply->db, QUERY_CHANNEL_FIND_BY_NAME,
			 SQL_ARGS(sql_id(channel->guild_id), sql_int(channel->type), sql_text(name)), &other));
	return other != 0 && other != channel->id ? ERR_CHANNEL_NAME_TAKEN : ERR_OK;
}

enum err channel_check_parent(struct apply *apply, const struct channel *channel, int64_t parent_id)
{
	struct channel parent;
	uint64_t bits;
	if (parent_id == 0)
		return ERR_OK;
	enum err err = perm_of_channel(apply->db, apply->arena, parent_id, apply->actor_id, &bits);
	if (err == ERR_OK)
		err = channel_find(apply->db, apply->arena, parent_id, &parent);
	if (err != ERR_OK && err != ERR_UNKNOWN_CHANNEL)
		return err;
	if (err == ERR_OK && parent.guild_id == channel->guild_id && parent.type == CHANNEL_TYPE_CATEGORY &&
	    channel->type != CHANNEL_TYPE_CATEGORY)
		return ERR_OK;
	field_errors_add(&apply->errors, "parent_id", "CHANNEL_PARENT_INVALID", "Not a category of this workspace.");
	return ERR_INVALID_FORM;
}

static enum err refuse(struct apply *apply, const char *field, const char *code, const char *message)
{
	field_errors_add(&apply->errors, field, code, message);
	return ERR_INVALID_FORM;
}

static bool is_named(const struct channel_people *people, int64_t id)
{
	for (size_t i = 0; i < people->count; i++) {
		if (people->ids[i] == id)
			return true;
	}
	return false;
}

enum err channel_people_decode(struct apply *apply, const char *field, const json_t *list, struct channel_people *out)
{
	*out = (struct channel_people){0};
	if (list == NULL || json_is_null(list))
		return ERR_OK;
	if (!json_is_array(list))
		return refuse(apply, field, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
	if (json_array_size(list) > CHANNEL_MEMBERS_AT_ONCE_MAX)
		return refuse(apply, field, "BASE_TYPE_MAX_LENGTH", "Too many people at once.");
	out->ids = arena_alloc(apply->arena, (json_array_size(list) + 1) * sizeof(*out->ids));
	for (size_t i = 0; i < json_array_size(list); i++) {
		int64_t id = json_id_of(json_array_get(list, i));
		if (id == 0)
			return refuse(apply, field, "NUMBER_TYPE_COERCE", "Value is not a snowflake.");
		if (!is_named(out, id))
			out->ids[out->count++] = id;
	}
	return ERR_OK;
}

enum err channel_people_note(struct apply *apply, const char *field, int64_t user_id, enum err err)
{
	const struct err_info *info = err_info(err);
	char message[96];
	if (err == ERR_OK || info->status >= 500)
		return err;
	(void)snprintf(message, sizeof(message), "%lld: %s", (long long)user_id, info->text);
	field_errors_add(&apply->errors, field, info->name, message);
	return ERR_OK;
}

enum err channel_people_verdict(const struct apply *apply)
{
	return apply->errors.count > 0 ? ERR_INVALID_FORM : ERR_OK;
}
