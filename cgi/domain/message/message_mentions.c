#include "domain/message/message_mentions.h"

#include "domain/message/message.h"
#include "domain/perm.h"

#include <string.h>

enum { ALLOWED_IDS_MAX = 100 };

static enum err refuse(struct apply *apply, const char *field, const char *code, const char *message)
{
	field_errors_add(&apply->errors, field, code, message);
	return ERR_INVALID_FORM;
}

static enum err read_parse(struct apply *apply, const json_t *parse, struct message_allowed *out)
{
	const json_t *each;
	size_t i;
	if (parse != NULL && !json_is_null(parse) && !json_is_array(parse))
		return refuse(apply, "allowed_mentions.parse", "LIST_TYPE_CONVERT", "Only a list can be taken here.");
	json_array_foreach(parse, i, each)
	{
		const char *word = json_string_value(each);
		if (word != NULL && strcmp(word, "users") == 0)
			out->users = true;
		else if (word != NULL && strcmp(word, "roles") == 0)
			out->roles = true;
		else if (word != NULL && strcmp(word, "everyone") == 0)
			out->everyone = true;
		else
			return refuse(apply, "allowed_mentions.parse", "BASE_TYPE_CHOICES",
				      "Must be of users, roles and everyone.");
	}
	return ERR_OK;
}

/* A list of ids; an empty one, null and none are the same. */
static enum err read_ids(struct apply *apply, const json_t *json, const char *field, const json_t **out)
{
	if (json == NULL || json_is_null(json))
		return ERR_OK;
	if (!json_is_array(json))
		return refuse(apply, field, "LIST_TYPE_CONVERT", "Only a list can be taken here.");
	if (json_array_size(json) > ALLOWED_IDS_MAX)
		return refuse(apply, field, "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.");
	for (size_t i = 0; i < json_array_size(json); i++) {
		if (json_id_of(json_array_get(json, i)) == 0)
			return refuse(apply, field, "NUMBER_TYPE_COERCE", "Must be a list of snowflakes.");
	}
	*out = json_array_size(json) > 0 ? json : NULL;
	return ERR_OK;
}

static enum err read_replied_user(struct apply *apply, const json_t *json, bool *out)
{
	if (json != NULL && !json_is_null(json) && !json_is_boolean(json))
		return refuse(apply, "allowed_mentions.replied_user", "BOOLEAN_TYPE_CONVERT",
			      "Must be either true or false.");
	*out = json_is_true(json);
	return ERR_OK;
}

enum err message_allowed_read(struct apply *apply, const json_t *json, struct message_allowed *out)
{
	*out = (struct message_allowed){.users = true, .roles = true, .everyone = true, .replied_user = true};
	if (json == NULL || json_is_null(json))
		return ERR_OK;
	if (!json_is_object(json))
		return refuse(apply, "allowed_mentions", "DICT_TYPE_CONVERT", "Only an object can be taken here.");
	*out = (struct message_allowed){0};
	TRY(read_replied_user(apply, json_object_get(json, "replied_user"), &out->replied_user));
	TRY(read_parse(apply, json_object_get(json, "parse"), out));
	TRY(read_ids(apply, json_object_get(json, "users"), "allowed_mentions.users", &out->user_ids));
	TRY(read_ids(apply, json_object_get(json, "roles"), "allowed_mentions.roles", &out->role_ids));
	if ((out->users && out->user_ids != NULL) || (out->roles && out->role_ids != NULL))
		return refuse(apply, "allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
			      "parse and a list of the same kind exclude each other.");
	return ERR_OK;
}

static bool is_listed(const json_t *ids, int64_t id)
{
	const json_t *each;
	size_t i;
	json_array_foreach(ids, i, each)
	{
		if (json_id_of(each) == id)
			return true;
	}
	return false;
}

static void add(struct message_mentions *out, bool is_mentioned, struct message_named named)
{
	struct message_named *list = is_mentioned ? out->mentioned : out->named;
	size_t *count = is_mentioned ? &out->mentioned_count : &out->named_count;
	for (size_t i = 0; i < *count; i++) {
		if (list[i].id == named.id)
			return;
	}
	if (*count < MESSAGE_MENTIONS_MAX)
		list[(*count)++] = named;
}

/* Whoever is a stranger here is neither mentioned nor named: nobody learns what the account is called. */
static enum err add_person(struct apply *apply, const struct message_mentioning *of, int64_t user_id, bool is_allowed,
			   struct message_mentions *out)
{
	bool is_direct = channel_is_direct(of->channel), is_known, is_blocked = false;
	struct sql_stmt *stmt;
	TRY(sql_start(apply->db, is_direct ? QUERY_MESSAGE_FIND_PERSON_IN_CHANNEL : QUERY_MESSAGE_FIND_PERSON_IN_GUILD,
		      SQL_ARGS(sql_id(is_direct ? of->channel->id : of->channel->guild_id), sql_id(user_id),
			       sql_id(apply->actor_id)),
		      &stmt));
	is_known = sql_step(stmt);
	if (is_known)
		is_blocked = sql_column_int(stmt, 0) != 0;
	TRY(sql_finish(stmt));
	if (is_known)
		add(out, is_allowed && !is_blocked, (struct message_named){user_id, MESSAGE_TARGET_PERSON});
	return ERR_OK;
}

static enum err add_role(struct apply *apply, const struct message_mentioning *of, int64_t role_id, bool is_allowed,
			 struct message_mentions *out)
{
	bool is_everyone = role_id == of->channel->guild_id, is_known, is_mentionable = false;
	struct sql_stmt *stmt;
	TRY(sql_start(apply->db, QUERY_MESSAGE_FIND_ROLE, SQL_ARGS(sql_id(role_id), sql_id(of->channel->guild_id)),
		      &stmt));
	is_known = sql_step(stmt);
	if (is_known)
		is_mentionable = sql_column_int(stmt, 0) != 0 || perm_has(of->bits, PERM_MENTION_EVERYONE);
	TRY(sql_finish(stmt));
	if (is_known)
		add(out, is_allowed && is_mentionable && !is_everyone,
		    (struct message_named){role_id, MESSAGE_TARGET_ROLE});
	return ERR_OK;
}

/* Everyone is the workspace, of a group the group itself. */
static void add_everyone(const struct message_mentioning *of, struct message_mentions *out)
{
	int64_t id = of->channel->guild_id != 0 ? of->channel->guild_id : of->channel->id;
	if (of->allowed != NULL && of->allowed->everyone && perm_has(of->bits, PERM_MENTION_EVERYONE))
		add(out, true, (struct message_named){id, MESSAGE_TARGET_EVERYONE});
}

/* Who is mentioned is not named a second time. */
static void drop_doubles(struct message_mentions *out)
{
	size_t kept = 0;
	for (size_t i = 0; i < out->named_count; i++) {
		bool is_double = false;
		for (size_t j = 0; j < out->mentioned_count; j++)
			is_double |= out->mentioned[j].id == out->named[i].id &&
				     out->mentioned[j].target == out->named[i].target;
		if (!is_double)
			out->named[kept++] = out->named[i];
	}
	out->named_count = kept;
}

enum err message_mentions_settle(struct apply *apply, const struct message_mentioning *of, struct message_mentions *out)
{
	static const struct message_allowed none = {0};
	const struct message_allowed *allowed = of->allowed != NULL ? of->allowed : &none;
	struct mentions *found = arena_alloc(apply->arena, sizeof(*found));
	out->mentioned_count = out->named_count = 0;
	mentions_find(apply->arena, (struct str){of->content, strlen(of->content)}, found);
	for (size_t i = 0; i < found->user_count; i++) {
		int64_t id = found->users[i];
		TRY(add_person(apply, of, id, allowed->users || is_listed(allowed->user_ids, id), out));
	}
	for (size_t i = 0; i < found->role_count && of->channel->guild_id != 0; i++) {
		int64_t id = found->roles[i];
		TRY(add_role(apply, of, id, allowed->roles || is_listed(allowed->role_ids, id), out));
	}
	if (found->is_everyone)
		add_everyone(of, out);
	if (of->replied_id != 0 && of->replied_id != apply->actor_id && allowed->replied_user)
		TRY(add_person(apply, of, of->replied_id, true, out));
	drop_doubles(out);
	return ERR_OK;
}

int64_t message_mentions_parts(const struct message_mentions *mentions)
{
	return (mentions->mentioned_count > 0 ? MESSAGE_HAS_MENTIONS : 0) |
	       (mentions->named_count > 0 ? MESSAGE_HAS_NAMES : 0);
}

enum err message_mentions_insert(struct apply *apply, int64_t channel_id, int64_t message_id, int64_t author_id,
				 const struct message_mentions *mentions)
{
	for (size_t i = 0; i < mentions->mentioned_count; i++) {
		const struct message_named *each = &mentions->mentioned[i];
		TRY(sql_run(apply->db, QUERY_MESSAGE_INSERT_MENTION,
			    SQL_ARGS(sql_id(each->id), sql_id(channel_id), sql_id(message_id), sql_id(author_id),
				     sql_int(each->target)),
			    NULL));
	}
	for (size_t i = 0; i < mentions->named_count; i++) {
		const struct message_named *each = &mentions->named[i];
		TRY(sql_run(apply->db, QUERY_MESSAGE_INSERT_NAME,
			    SQL_ARGS(sql_id(message_id), sql_id(each->id), sql_int(each->target)), NULL));
	}
	return ERR_OK;
}
