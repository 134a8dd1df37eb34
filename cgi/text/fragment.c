#include "text/fragment.h"

#include "base/ensure.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

enum { INITIALS_SIZE = 16, KEY_SIZE = 48 };

static void set(json_t *object, const char *key, json_t *value)
{
	ensure(value && json_object_set_new(object, key, value) == 0);
}

static void set_text(json_t *object, const char *key, const char *text, size_t n)
{
	set(object, key, json_stringn(text, n));
}

/* A member that a view leaves out when there is nothing to say must still be known to its template. */
static void null_if_absent(json_t *object, const char *key)
{
	if (!json_object_get(object, key))
		set(object, key, json_null());
}

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
static void set_initials(json_t *object, const char *key, const char *name)
{
	char initials[INITIALS_SIZE];
	size_t n = 0, length = strlen(name), last = 0;

	put_initial(initials, &n, name, length);
	for (size_t i = 1; i < length; i++) {
		if (name[i - 1] == ' ' && name[i] != ' ')
			last = i;
	}
	if (last > 0)
		put_initial(initials, &n, name + last, length - last);
	set_text(object, key, initials, n);
}

/* Ids made one after the other are near each other; multiplying by 2^64 divided by the golden ratio spreads them. */
static json_t *tint_of(int64_t id)
{
	return json_integer((json_int_t)((((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15)) >> 32) % FRAGMENT_TINTS));
}

static void key_of(char out[KEY_SIZE], const char *prefix, const char *suffix)
{
	int n = snprintf(out, KEY_SIZE, "%s_%s", prefix, suffix);
	ensure(n > 0 && n < KEY_SIZE);
}

void fragment_person(json_t *object, const char *prefix, const json_t *user)
{
	char key[KEY_SIZE];
	const char *name = json_text(user, "global_name");
	if (!name || name[0] == '\0')
		name = json_text(user, "username");
	if (!name)
		name = "";
	key_of(key, prefix, "name");
	set_text(object, key, name, strlen(name));
	key_of(key, prefix, "initials");
	set_initials(object, key, name);
	key_of(key, prefix, "tint");
	set(object, key, tint_of(json_id(user, "id")));
}

void fragment_guild(json_t *guild)
{
	const char *name = json_text(guild, "name");
	set_initials(guild, "initials", name ? name : "");
	set(guild, "tint", tint_of(json_id(guild, "id")));
}

void fragment_message(json_t *message)
{
	static const char *const optional[] = {"nonce", "edited_timestamp"};
	for (size_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++)
		null_if_absent(message, optional[i]);

	const char *timestamp = json_text(message, "timestamp");
	bool is_whole = timestamp && strlen(timestamp) >= sizeof("2026-01-02T15:04") - 1;
	set_text(message, "time_text", is_whole ? timestamp + sizeof("2026-01-02T") - 1 : "", is_whole ? 5 : 0);
	set_text(message, "date_text", is_whole ? timestamp : "", is_whole ? 10 : 0);
	set(message, "is_edited", json_boolean(json_text(message, "edited_timestamp") != NULL));
	set(message, "is_mine", json_false());
	set(message, "is_continued", json_false());
	fragment_person(message, "author", json_object_get(message, "author"));
}

void fragment_channel(json_t *channel)
{
	set(channel, "is_text", json_boolean(json_int(channel, "type") == 0));
	set(channel, "is_current", json_false());
}

void fragment_date(json_t *object, const char *key, const char *timestamp)
{
	int year = 0, month = 0, day = 0;
	char iso[16] = "";

	if (!timestamp || sscanf(timestamp, "%4d-%2d-%2d", &year, &month, &day) != 3)
		year = month = day = 0;
	else
		snprintf(iso, sizeof(iso), "%.10s", timestamp);
	json_t *date = json_object();
	set(object, key, date);
	set_text(date, "iso", iso, strlen(iso));
	set(date, "year", json_integer(year));
	set(date, "day", json_integer(day));
	/* The names of the months are words, so they stand in the template: month_1 to month_12 say which it is. */
	for (int i = 1; i <= 12; i++) {
		char month_key[KEY_SIZE];
		snprintf(month_key, sizeof(month_key), "month_%d", i);
		set(date, month_key, json_boolean(i == month));
	}
}

static void nothing(json_t *payload)
{
	(void)payload;
}

bool fragment_event(const char *type, json_t *payload, const char **name)
{
	static const struct {
		const char *type, *name;
		void (*ready)(json_t *);
	} rows[] = {
	    {"MESSAGE_CREATE", "live/message_create", fragment_message},
	    {"MESSAGE_UPDATE", "live/message_update", fragment_message},
	    {"MESSAGE_DELETE", "live/message_delete", nothing},
	    {"CHANNEL_CREATE", "live/channel_create", fragment_channel},
	    {"CHANNEL_UPDATE", "live/channel_update", fragment_channel},
	    {"CHANNEL_DELETE", "live/channel_delete", nothing},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].type, type) == 0) {
			rows[i].ready(payload);
			*name = rows[i].name;
			return true;
		}
	}
	return false;
}
