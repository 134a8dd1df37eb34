#include "text/fragment.h"

#include "base/utf8.h"

#include <string.h>

enum { INITIALS_SIZE = 16 };

static void put_initial(char out[INITIALS_SIZE], size_t *n, const char *p, size_t rest)
{
	uint32_t code_point;
	size_t length = rest > 0 ? utf8_decode(p, rest, &code_point) : 0;
	if (length == 0 || *n + length >= INITIALS_SIZE)
		return;
	memcpy(out + *n, p, length);
	if (length == 1 && *p >= 'a' && *p <= 'z')
		out[*n] = (char)(*p - 'a' + 'A');
	*n += length;
}

/* The first letters of the first and of the last word. */
static struct str initials_of(struct arena *arena, struct str name)
{
	char *initials = arena_alloc(arena, INITIALS_SIZE);
	size_t n = 0, last = 0;

	put_initial(initials, &n, name.p, name.n);
	for (size_t i = 1; i < name.n; i++) {
		if (name.p[i - 1] == ' ' && name.p[i] != ' ')
			last = i;
	}
	if (last > 0)
		put_initial(initials, &n, name.p + last, name.n - last);
	return (struct str){initials, n};
}

/* Ids made one after the other are near each other; multiplying by 2^64 divided by the golden ratio spreads them. */
static int64_t tint_of(int64_t id)
{
	return (int64_t)((((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15)) >> 32) % FRAGMENT_TINTS);
}

/* "author" and "_name" to "author_name". */
static const char *joined(struct arena *arena, const char *name, const char *suffix)
{
	size_t n = strlen(name), suffix_n = strlen(suffix);
	char *out = arena_alloc(arena, n + suffix_n + 1);
	memcpy(out, name, n);
	memcpy(out + n, suffix, suffix_n);
	return out;
}

/* Sets key to where a picture is had by its hash, or to null. */
static void put_picture(struct arena *arena, struct view *object, const char *key, const char *folder,
			const struct view *owner, struct str hash)
{
	if (hash.n == 0)
		view_put_null(arena, object, key);
	else
		view_put_text(arena, object, key,
			      str_from(arena_printf(arena, "/%s/%lld/%.*s.webp", folder,
						    (long long)view_id(owner, "id"), (int)hash.n, hash.p)));
}

static struct str shown_name(const struct view *user)
{
	struct str shown = view_text(user, "global_name");
	return shown.n > 0 ? shown : view_text(user, "username");
}

void fragment_person(struct arena *arena, struct view *object, const char *name, const struct view *user)
{
	struct str shown = shown_name(user);
	view_put_text(arena, object, joined(arena, name, "_name"), shown);
	view_put_text(arena, object, joined(arena, name, "_initials"), initials_of(arena, shown));
	view_put_int(arena, object, joined(arena, name, "_tint"), tint_of(view_id(user, "id")));
	put_picture(arena, object, joined(arena, name, "_picture"), "avatars", user, view_text(user, "avatar"));
}

void fragment_user(struct arena *arena, struct view *user)
{
	struct str shown = shown_name(user);
	view_put_text(arena, user, "name", shown);
	view_put_text(arena, user, "initials", initials_of(arena, shown));
	view_put_int(arena, user, "tint", tint_of(view_id(user, "id")));
	put_picture(arena, user, "picture", "avatars", user, view_text(user, "avatar"));
}

void fragment_guild(struct arena *arena, struct view *guild)
{
	view_put_text(arena, guild, "initials", initials_of(arena, view_text(guild, "name")));
	view_put_int(arena, guild, "tint", tint_of(view_id(guild, "id")));
	put_picture(arena, guild, "picture", "icons", guild, view_text(guild, "icon"));
}

static int64_t number_at(struct str text, size_t from, size_t n)
{
	int64_t number = 0;
	for (size_t i = from; i < from + n && i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return 0;
		number = number * 10 + (text.p[i] - '0');
	}
	return number;
}

void fragment_date(struct arena *arena, struct view *object, const char *key, struct str timestamp)
{
	/* The names of the months are words, so they stand in the template: one of these says which it is. */
	static const char *const months[] = {"month_1", "month_2", "month_3", "month_4",  "month_5",  "month_6",
					     "month_7", "month_8", "month_9", "month_10", "month_11", "month_12"};
	struct view *date = view_put_object(arena, object, key);
	int64_t month = number_at(timestamp, 5, 2);
	struct str day = timestamp;

	if (day.n > sizeof("2026-01-02") - 1)
		day.n = sizeof("2026-01-02") - 1;
	view_put_text(arena, date, "at", timestamp);
	view_put_text(arena, date, "iso", day);
	view_put_int(arena, date, "year", number_at(timestamp, 0, 4));
	view_put_int(arena, date, "day", number_at(timestamp, 8, 2));
	for (int i = 0; i < 12; i++)
		view_put_flag(arena, date, months[i], month == i + 1);
}

void fragment_moment(struct arena *arena, struct view *object, const char *key, struct str timestamp)
{
	if (timestamp.n < sizeof("2026-01-02T03:04") - 1) {
		view_put_null(arena, object, key);
		return;
	}
	fragment_date(arena, object, key, timestamp);
	view_put_text(arena, view_find(object, key), "clock", (struct str){timestamp.p + 11, 5});
}

static void nothing(struct arena *arena, struct view *payload)
{
	(void)arena;
	(void)payload;
}

/* What an open page hears of a change around its conversation: the channel and the person that it is about, or null.
 * The page then asks for what it shows of it, so that nothing about others is sent. */
static void ready_change(struct arena *arena, struct view *payload)
{
	const struct view *user = view_find(payload, "user");

	if (!view_find(payload, "channel_id"))
		view_put(arena, payload, "channel_id", view_find(payload, "id"));
	view_put(arena, payload, "user_id", view_find(user, "id"));
}

/* Of a change of one's own: whom it is about is nobody's business, and it concerns every conversation. */
static void ready_own_change(struct arena *arena, struct view *payload)
{
	view_put_null(arena, payload, "channel_id");
	view_put_null(arena, payload, "user_id");
}

/* By the name that the workspace knows them by. */
static void ready_typing(struct arena *arena, struct view *payload)
{
	const struct view *member = view_find(payload, "member");
	const struct view *user = view_find(member != NULL ? member : payload, "user");
	struct str nick = view_text(member, "nick");

	view_put_text(arena, payload, "typist_name", nick.n > 0 ? nick : shown_name(user));
}

bool fragment_event(struct arena *arena, const char *type, struct view *payload, const char **name)
{
	static const struct {
		const char *type, *name;
		void (*ready)(struct arena *, struct view *);
	} rows[] = {
	    {"MESSAGE_CREATE", "live/message_create", fragment_message},
	    {"MESSAGE_UPDATE", "live/message_update", fragment_message},
	    {"MESSAGE_DELETE", "live/message_delete", nothing},
	    {"MESSAGE_DELETE_BULK", "live/message_delete_bulk", nothing},
	    {"MESSAGE_REACTION_ADD", "live/message_reaction", fragment_reaction_added},
	    {"MESSAGE_REACTION_REMOVE", "live/message_reaction", fragment_reaction_removed},
	    {"MESSAGE_REACTION_REMOVE_EMOJI", "live/message_reaction", fragment_reaction_removed},
	    {"MESSAGE_REACTION_REMOVE_ALL", "live/message_reaction", fragment_reaction_removed},
	    {"MESSAGE_POLL_VOTE_ADD", "live/poll_vote", fragment_vote_added},
	    {"MESSAGE_POLL_VOTE_REMOVE", "live/poll_vote", fragment_vote_removed},
	    {"MESSAGE_THREAD_UPDATE", "live/message_thread_update", fragment_thread_event},
	    {"TYPING_START", "live/typing_start", ready_typing},
	    {"THREAD_CREATE", "live/change", fragment_thread_change},
	    {"THREAD_UPDATE", "live/change", fragment_thread_change},
	    {"THREAD_DELETE", "live/change", fragment_thread_change},
	    {"THREAD_MEMBERS_UPDATE", "live/change", fragment_thread_change},
	    {"CHANNEL_CREATE", "live/change", ready_change},
	    {"CHANNEL_UPDATE", "live/change", ready_change},
	    {"CHANNEL_DELETE", "live/change", ready_change},
	    {"CHANNEL_SETTINGS_UPDATE", "live/change", ready_change},
	    {"CHANNEL_MEMBER_ADD", "live/change", ready_change},
	    {"CHANNEL_MEMBER_REMOVE", "live/change", ready_change},
	    {"CHANNEL_RECIPIENT_ADD", "live/change", ready_change},
	    {"CHANNEL_RECIPIENT_REMOVE", "live/change", ready_change},
	    {"GUILD_CREATE", "live/change", ready_change},
	    {"GUILD_UPDATE", "live/change", ready_change},
	    {"GUILD_DELETE", "live/change", ready_change},
	    {"GUILD_MEMBER_UPDATE", "live/change", ready_change},
	    {"GUILD_ROLE_UPDATE", "live/change", ready_change},
	    {"GUILD_ROLE_DELETE", "live/change", ready_change},
	    {"USER_UPDATE", "live/change", ready_change},
	    {"RELATIONSHIP_ADD", "live/change", ready_own_change},
	    {"RELATIONSHIP_REMOVE", "live/change", ready_own_change},
	};
	if (!view_is_object(payload))
		return false;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].type, type) == 0) {
			rows[i].ready(arena, payload);
			*name = rows[i].name;
			return true;
		}
	}
	return false;
}

bool fragment_is_change(const char *type)
{
	return strncmp(type, "CHANNEL_", strlen("CHANNEL_")) == 0 || strncmp(type, "GUILD_", strlen("GUILD_")) == 0 ||
	       strncmp(type, "THREAD_", strlen("THREAD_")) == 0 ||
	       strncmp(type, "RELATIONSHIP_", strlen("RELATIONSHIP_")) == 0 || strcmp(type, "USER_UPDATE") == 0;
}
