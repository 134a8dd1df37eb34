/* Names for the numbers of the audit log: see audit_words.h. Who and what is gone is named as the log names it, or not
 * at all. */
#include "page/audit_words.h"

#include "base/clock.h"
#include "base/id.h"
#include "domain/audit/audit.h"
#include "domain/channel/channel.h"
#include "text/fragment.h"

enum about { ABOUT_NOTHING, ABOUT_NAME, ABOUT_PERSON, ABOUT_ROLE, ABOUT_CHANNEL };

static const struct action {
	int64_t number;
	const char *key;
	enum about about;
} actions[] = {
    {AUDIT_GUILD_UPDATE, "guild_update", ABOUT_NOTHING},
    {AUDIT_CHANNEL_CREATE, "channel_create", ABOUT_CHANNEL},
    {AUDIT_CHANNEL_UPDATE, "channel_update", ABOUT_CHANNEL},
    {AUDIT_CHANNEL_DELETE, "channel_delete", ABOUT_CHANNEL},
    {AUDIT_OVERWRITE_CREATE, "overwrite_create", ABOUT_CHANNEL},
    {AUDIT_OVERWRITE_UPDATE, "overwrite_update", ABOUT_CHANNEL},
    {AUDIT_OVERWRITE_DELETE, "overwrite_delete", ABOUT_CHANNEL},
    {AUDIT_MEMBER_KICK, "member_kick", ABOUT_PERSON},
    {AUDIT_BAN_ADD, "ban_add", ABOUT_PERSON},
    {AUDIT_BAN_REMOVE, "ban_remove", ABOUT_PERSON},
    {AUDIT_MEMBER_UPDATE, "member_update", ABOUT_PERSON},
    {AUDIT_MEMBER_ROLE_UPDATE, "member_role_update", ABOUT_PERSON},
    {AUDIT_BOT_ADD, "bot_add", ABOUT_PERSON},
    {AUDIT_BOT_TOKEN_RENEW, "bot_token_renew", ABOUT_PERSON},
    {AUDIT_BOT_REMOVE, "bot_remove", ABOUT_PERSON},
    {AUDIT_ROLE_CREATE, "role_create", ABOUT_ROLE},
    {AUDIT_ROLE_UPDATE, "role_update", ABOUT_ROLE},
    {AUDIT_ROLE_DELETE, "role_delete", ABOUT_ROLE},
    {AUDIT_INVITE_CREATE, "invite_create", ABOUT_NOTHING},
    {AUDIT_INVITE_DELETE, "invite_delete", ABOUT_NOTHING},
    {AUDIT_THREAD_CREATE, "thread_create", ABOUT_CHANNEL},
    {AUDIT_THREAD_UPDATE, "thread_update", ABOUT_CHANNEL},
    {AUDIT_THREAD_DELETE, "thread_delete", ABOUT_CHANNEL},
    {AUDIT_EMOJI_CREATE, "emoji_create", ABOUT_NAME},
    {AUDIT_EMOJI_UPDATE, "emoji_update", ABOUT_NAME},
    {AUDIT_EMOJI_DELETE, "emoji_delete", ABOUT_NAME},
    {AUDIT_MESSAGE_DELETE, "message_delete", ABOUT_PERSON},
    {AUDIT_MESSAGE_BULK_DELETE, "message_bulk_delete", ABOUT_CHANNEL},
    {AUDIT_MESSAGE_PIN, "message_pin", ABOUT_PERSON},
    {AUDIT_MESSAGE_UNPIN, "message_unpin", ABOUT_PERSON},
    {AUDIT_CHANNEL_MEMBER_ADD, "channel_member_add", ABOUT_PERSON},
    {AUDIT_CHANNEL_MEMBER_REMOVE, "channel_member_remove", ABOUT_PERSON},
    {AUDIT_CHANNEL_BAN_ADD, "channel_ban_add", ABOUT_PERSON},
    {AUDIT_CHANNEL_BAN_REMOVE, "channel_ban_remove", ABOUT_PERSON},
    {AUDIT_CHANNEL_OWNER_UPDATE, "channel_owner_update", ABOUT_PERSON},
};
enum { ACTIONS = sizeof(actions) / sizeof(actions[0]) };

static void write_action_is(struct jw *jw, const struct action *action)
{
	jw_object(jw, "is");
	for (size_t i = 0; i < ACTIONS; i++)
		jw_flag(jw, actions[i].key, action == &actions[i]);
	jw_object_end(jw);
}

void audit_words_write_actions(struct jw *jw, const char *key, int64_t chosen)
{
	jw_array(jw, key);
	for (size_t i = 0; i < ACTIONS; i++) {
		jw_object(jw, NULL);
		jw_int(jw, "number", actions[i].number);
		write_action_is(jw, &actions[i]);
		jw_flag(jw, "is_chosen", actions[i].number == chosen);
		jw_object_end(jw);
	}
	jw_array_end(jw);
}

static struct view *find_user(const struct audit_words *words, int64_t user_id)
{
	for (struct view *user = words->users->first; user != NULL; user = user->next) {
		if (view_id(user, "id") == user_id)
			return user;
	}
	return NULL;
}

static void put_user(const struct audit_words *words, struct view *entry, const char *key, int64_t user_id)
{
	struct view *user = find_user(words, user_id);

	if (user == NULL) {
		view_put_null(words->request->arena, entry, key);
		return;
	}
	fragment_user(words->request->arena, user);
	view_put(words->request->arena, entry, key, user);
}

static void put_name(const struct audit_words *words, struct view *entry, const char *key, struct str name)
{
	if (name.n == 0)
		view_put_null(words->request->arena, entry, key);
	else
		view_put_text(words->request->arena, view_put_object(words->request->arena, entry, key), "name", name);
}

/* What the entry itself says that the name was, or became: of a thing that is gone the only source. */
static struct str noted_name(const struct view *entry)
{
	const struct view *changes = view_find(entry, "changes");

	for (const struct view *each = changes != NULL ? changes->first : NULL; each != NULL; each = each->next) {
		struct str key = view_text(each, "key"), old_value = view_text(each, "old_value");
		if (str_eq(key, STR("name")))
			return old_value.n > 0 ? old_value : view_text(each, "new_value");
	}
	return STR("");
}

static enum err channel_name(const struct audit_words *words, const struct view *entry, int64_t channel_id,
			     struct str *name)
{
	struct channel channel;
	enum err e = channel_id == 0 ? ERR_UNKNOWN_CHANNEL
				     : channel_find(words->request->db, words->request->arena, channel_id, &channel);

	*name = e == ERR_OK ? str_from(channel.name) : noted_name(entry);
	return e == ERR_UNKNOWN_CHANNEL ? ERR_OK : e;
}

static struct str role_name(const struct audit_words *words, const struct view *entry, int64_t role_id)
{
	const struct role *role = role_view_find(&words->roles, role_id);

	return role != NULL ? str_from(role->name) : noted_name(entry);
}

/* Whom or what it was done to, and in which channel where the entry says that beside. */
static enum err put_target(const struct audit_words *words, const struct action *action, struct view *entry)
{
	int64_t target_id = view_id(entry, "target_id");
	int64_t place_id = view_id(view_find(entry, "options"), "channel_id");
	struct str name = STR("");

	view_put_null(words->request->arena, entry, "target");
	view_put_null(words->request->arena, entry, "place");
	if (action->about == ABOUT_PERSON)
		put_user(words, entry, "target", target_id);
	if (action->about == ABOUT_NAME)
		put_name(words, entry, "target", noted_name(entry));
	if (action->about == ABOUT_ROLE)
		put_name(words, entry, "target", role_name(words, entry, target_id));
	if (action->about == ABOUT_CHANNEL) {
		TRY(channel_name(words, entry, target_id, &name));
		put_name(words, entry, "target", name);
	}
	if (place_id == 0)
		return ERR_OK;
	TRY(channel_name(words, entry, place_id, &name));
	put_name(words, entry, "place", name);
	return ERR_OK;
}

static void put_is(struct arena *arena, const struct action *action, struct view *entry)
{
	struct view *is = view_put_object(arena, entry, "is");

	for (size_t i = 0; i < ACTIONS; i++)
		view_put_flag(arena, is, actions[i].key, action == &actions[i]);
}

static const struct action *find_action(int64_t number)
{
	for (size_t i = 0; i < ACTIONS; i++) {
		if (actions[i].number == number)
			return &actions[i];
	}
	return NULL;
}

enum err audit_words_ready(const struct audit_words *words, struct view *entry)
{
	static const struct action unknown = {0, "", ABOUT_NOTHING};
	struct arena *arena = words->request->arena;
	const struct action *action = find_action(view_int(entry, "action_type"));
	int64_t id = view_id(entry, "id");
	char at[CLOCK_ISO8601_SIZE];

	put_is(arena, action, entry);
	put_user(words, entry, "actor", view_id(entry, "user_id"));
	TRY(put_target(words, action != NULL ? action : &unknown, entry));
	clock_iso8601(id_created_at_ms(id), at);
	fragment_moment(arena, entry, "moment", str_from(arena_strdup(arena, at)));
	if (view_find(entry, "reason") == NULL)
		view_put_null(arena, entry, "reason");
	return audit_changes_ready(arena, entry);
}
