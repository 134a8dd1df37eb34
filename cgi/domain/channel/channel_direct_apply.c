/* Opening direct messages and groups. */
#include "domain/block/block.h"
#include "domain/channel/channel_change.h"
#include "domain/channel/channel_check.h"
#include "domain/channel/channel_direct.h"
#include "domain/channel/channel_member_change.h"

#include <string.h>

enum { GUILDS_TRIED_MAX = 200 };

const struct field direct_create_fields[] = {
    {.name = "recipient_id", .type = FIELD_ID, .offset = offsetof(struct direct_create_input, recipient_id)},
    {.name = "recipients", .type = FIELD_JSON, .offset = offsetof(struct direct_create_input, recipients)},
    {.name = "name",
     .type = FIELD_TEXT,
     .flags = FIELD_TRIM,
     .max = CHANNEL_NAME_MAX,
     .offset = offsetof(struct direct_create_input, name)},
    {.name = "guild_id", .type = FIELD_ID, .offset = offsetof(struct direct_create_input, guild_id)},
    {0}};

static enum err refuse(struct apply *apply, const char *field, const char *code, const char *message)
{
	field_errors_add(&apply->errors, field, code, message);
	return ERR_INVALID_FORM;
}

static enum err insert(struct apply *apply, const struct channel *channel)
{
	return sql_run(apply->db, QUERY_CHANNEL_INSERT,
		       SQL_ARGS(sql_id(channel->id), sql_id(0), sql_id(channel->home_guild_id), sql_id(0),
				sql_id(channel->owner_id), sql_int(channel->type), sql_text(channel->name),
				sql_text(NULL), sql_int(0), sql_int(0), sql_int(0)),
		       NULL);
}

static enum err insert_member(struct apply *apply, int64_t channel_id, int64_t user_id, bool is_hidden)
{
	TRY(sql_run(apply->db, QUERY_CHANNEL_MEMBER_INSERT,
		    SQL_ARGS(sql_id(channel_id), sql_id(user_id), sql_int(apply->now_ms)), NULL));
	return is_hidden ? sql_run(apply->db, QUERY_CHANNEL_MEMBER_SET_HIDDEN,
				   SQL_ARGS(sql_id(channel_id), sql_id(user_id), sql_int(1)), NULL)
			 : ERR_OK;
}

/* Who shares no workspace with the actor is not there for them. Two bots have nothing to say to each other. */
static enum err check_recipient(struct apply *apply, int64_t user_id)
{
	int64_t shared_id, is_bot, is_other_bot;
	TRY(sql_find_int(apply->db, QUERY_DIRECT_SHARED_GUILD, SQL_ARGS(sql_id(apply->actor_id), sql_id(user_id)),
			 &shared_id));
	if (shared_id == 0)
		return ERR_UNKNOWN_USER;
	TRY(sql_find_int(apply->db, QUERY_USER_IS_BOT, SQL_ARGS(sql_id(apply->actor_id)), &is_bot));
	TRY(sql_find_int(apply->db, QUERY_USER_IS_BOT, SQL_ARGS(sql_id(user_id)), &is_other_bot));
	return is_bot != 0 && is_other_bot != 0 ? ERR_CANNOT_DM : ERR_OK;
}

/* The other hears nothing of it before there is something to read. */
static enum err make_direct(struct apply *apply, int64_t user_id, int64_t *channel_id)
{
	int64_t first = apply->actor_id < user_id ? apply->actor_id : user_id;
	int64_t second = apply->actor_id < user_id ? user_id : apply->actor_id;
	struct channel channel = {.id = id_next(apply->ids, apply->now_ms), .type = CHANNEL_TYPE_DM, .name = ""};
	TRY(check_recipient(apply, user_id));
	TRY(insert(apply, &channel));
	TRY(sql_run(apply->db, QUERY_DIRECT_INSERT, SQL_ARGS(sql_id(first), sql_id(second), sql_id(channel.id)), NULL));
	TRY(insert_member(apply, channel.id, user_id, true));
	TRY(insert_member(apply, channel.id, apply->actor_id, true));
	*channel_id = channel.id;
	return ERR_OK;
}

static enum err open_direct(struct apply *apply, int64_t user_id, struct channel *channel)
{
	int64_t channel_id;
	int changes;
	if (user_id == apply->actor_id)
		return refuse(apply, "recipient_id", "RECIPIENT_SELF", "Somebody else.");
	TRY(sql_find_int(apply->db, QUERY_DIRECT_FIND, SQL_ARGS(sql_id(apply->actor_id), sql_id(user_id)),
			 &channel_id));
	if (channel_id == 0)
		TRY(make_direct(apply, user_id, &channel_id));
	TRY(channel_find(apply->db, apply->arena, channel_id, channel));
	TRY(sql_run(apply->db, QUERY_CHANNEL_MEMBER_SET_HIDDEN,
		    SQL_ARGS(sql_id(channel_id), sql_id(apply->actor_id), sql_int(0)), &changes));
	return changes > 0 ? channel_announce_to(apply, "CHANNEL_CREATE", channel, apply->actor_id) : ERR_OK;
}

enum err channel_group_check(struct apply *apply, int64_t home_guild_id, int64_t user_id)
{
	struct member member;
	int64_t is_bot;
	bool is_blocked;
	TRY(member_find(apply->db, apply->arena, home_guild_id, user_id, &member));
	TRY(sql_find_int(apply->db, QUERY_USER_IS_BOT, SQL_ARGS(sql_id(user_id)), &is_bot));
	if (is_bot != 0)
		return ERR_CANNOT_DM;
	TRY(block_exists_between(apply->db, apply->actor_id, user_id, &is_blocked));
	return is_blocked ? ERR_CANNOT_DM : ERR_OK;
}

static enum err is_home_of_all(struct apply *apply, int64_t guild_id, const struct channel_people *people,
			       bool *is_home)
{
	struct member member;
	*is_home = true;
	for (size_t i = 0; i < people->count && *is_home; i++) {
		enum err err = member_find(apply->db, apply->arena, guild_id, people->ids[i], &member);
		if (err != ERR_OK && err != ERR_UNKNOWN_MEMBER)
			return err;
		*is_home = err == ERR_OK;
	}
	return ERR_OK;
}

/* The workspace whose members they are: the one that is named, else the first that all of them are in, else the
 * actor's first, where those who are not in it are named. */
static enum err find_home(struct apply *apply, int64_t named_id, const struct channel_people *people, int64_t *home_id)
{
	int64_t ids[GUILDS_TRIED_MAX];
	size_t count = 0;
	struct sql_stmt *stmt;
	uint64_t bits;
	*home_id = named_id;
	if (named_id != 0)
		return perm_of_guild(apply->db, apply->arena, named_id, apply->actor_id, &bits);
	TRY(sql_start(apply->db, QUERY_DIRECT_GUILDS, SQL_ARGS(sql_id(apply->actor_id)), &stmt));
	while (count < GUILDS_TRIED_MAX && sql_step(stmt))
		ids[count++] = sql_column_int(stmt, 0);
	TRY(sql_finish(stmt));
	bool is_home = false;
	for (size_t i = 0; i < count && !is_home; i++) {
		*home_id = ids[i];
		TRY(is_home_of_all(apply, ids[i], people, &is_home));
	}
	if (!is_home && count > 0)
		*home_id = ids[0];
	return count > 0 ? ERR_OK : ERR_UNKNOWN_GUILD;
}

/* The others, without the actor. */
static void leave_out_actor(const struct apply *apply, struct channel_people *people)
{
	size_t kept = 0;
	for (size_t i = 0; i < people->count; i++) {
		if (people->ids[i] != apply->actor_id)
			people->ids[kept++] = people->ids[i];
	}
	people->count = kept;
}

static enum err make_group(struct apply *apply, const struct direct_create_input *in,
			   const struct channel_people *people, struct channel *channel)
{
	int64_t is_bot, made;
	*channel = (struct channel){
	    .owner_id = apply->actor_id, .type = CHANNEL_TYPE_GROUP, .name = in->name != NULL ? in->name : ""};
	TRY(sql_find_int(apply->db, QUERY_USER_IS_BOT, SQL_ARGS(sql_id(apply->actor_id)), &is_bot));
	if (is_bot != 0)
		return ERR_BOT_FORBIDDEN;
	if (people->count + 1 < GROUP_PEOPLE_MIN || people->count + 1 > GROUP_PEOPLE_MAX)
		return refuse(apply, "recipients", "BASE_TYPE_BAD_LENGTH",
			      "A group has 3 to 50 people, you among them.");
	TRY(sql_find_int(apply->db, QUERY_DIRECT_COUNT_GROUPS, SQL_ARGS(sql_id(apply->actor_id)), &made));
	if (made >= GROUPS_MADE_MAX)
		return ERR_TOO_MANY;
	TRY(find_home(apply, in->guild_id, people, &channel->home_guild_id));
	for (size_t i = 0; i < people->count; i++)
		TRY(channel_people_note(apply, "recipients", people->ids[i],
					channel_group_check(apply, channel->home_guild_id, people->ids[i])));
	TRY(channel_people_verdict(apply));
	channel->id = id_next(apply->ids, apply->now_ms);
	TRY(insert(apply, channel));
	TRY(sql_run(apply->db, QUERY_DIRECT_INSERT_GROUP_MAKER,
		    SQL_ARGS(sql_id(channel->id), sql_id(apply->actor_id)), NULL));
	TRY(insert_member(apply, channel->id, apply->actor_id, false));
	for (size_t i = 0; i < people->count; i++)
		TRY(insert_member(apply, channel->id, people->ids[i], false));
	return channel_announce(apply, "CHANNEL_CREATE", channel);
}

enum err direct_create_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct direct_create_input *in = input;
	struct channel channel;
	struct channel_people people;
	TRY(channel_people_decode(apply, "recipients", in->recipients, &people));
	leave_out_actor(apply, &people);
	/* Some of Discord's libraries name the one recipient of a direct message in a list. */
	bool is_alone = people.count == 1 && in->name == NULL && in->guild_id == 0;
	if (in->recipient_id != 0 || is_alone)
		TRY(open_direct(apply, in->recipient_id != 0 ? in->recipient_id : people.ids[0], &channel));
	else
		TRY(make_group(apply, in, &people, &channel));
	return channel_view_to_json(apply->db, apply->arena, result, "channel", &channel, apply->actor_id);
}
