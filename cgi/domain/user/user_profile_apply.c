/* Changes of profiles and of e-mail addresses. */
#include "base/clock.h"
#include "base/time_zone.h"
#include "domain/event/event.h"
#include "domain/member/member.h"
#include "domain/picture/picture.h"
#include "domain/security_event/security_event.h"
#include "domain/session/session.h"
#include "domain/user/user_profile.h"

#include <string.h>

static bool is_same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* What a text field leaves: as it was when it is not given, nothing when it is null or empty. */
static const char *changed_text(const struct user_update_input *in, const char *name, const char *given,
				const char *before)
{
	if (!field_is_given(user_update_fields, &in->set, name))
		return before;
	return given != NULL && given[0] != '\0' ? given : NULL;
}

static enum err check_username(struct apply *apply, const char *before, const char *after)
{
	int64_t id;
	if (after == NULL || !user_is_username(after)) {
		field_errors_add(&apply->errors, "username", "USERNAME_INVALID",
				 "Only letters a-z, digits, _ and . are allowed.");
		return ERR_INVALID_FORM;
	}
	if (strcmp(before, after) == 0)
		return ERR_OK;
	TRY(sql_find_int(apply->db, QUERY_USER_FIND_BY_USERNAME, SQL_ARGS(sql_text(after)), &id));
	return id != 0 && id != apply->actor_id ? ERR_NAME_TAKEN : ERR_OK;
}

static enum err check_time_zone(struct apply *apply, const char *name)
{
	if (name == NULL || time_zone_is_known(name))
		return ERR_OK;
	field_errors_add(&apply->errors, "time_zone", "TIME_ZONE_UNKNOWN",
			 "There is no such time zone; Europe/Berlin is one.");
	return ERR_INVALID_FORM;
}

/* The avatar that the input asks for, in the arena. */
static enum err changed_avatar(struct apply *apply, const struct user_update_input *in, const char *before,
			       const char **after)
{
	char hash[CONTENT_HASH_SIZE];
	*after = changed_text(in, "picture", in->picture, before);
	if (*after == NULL || *after == before)
		return ERR_OK;
	TRY(picture_put(apply, in->picture, hash));
	*after = arena_strdup(apply->arena, hash);
	return ERR_OK;
}

static enum err announce_in(struct apply *apply, int64_t guild_id, int64_t user_id)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct member member;
	struct jw jw;
	jw_init(&jw, payload);
	TRY(member_find(apply->db, apply->arena, guild_id, user_id, &member));
	TRY(member_added_to_json(apply->db, apply->arena, &jw, &member));
	struct event event = {
	    .type = "GUILD_MEMBER_UPDATE", .guild_id = guild_id, .payload = payload->p, .payload_n = payload->n};
	return event_append(apply, &event);
}

enum err user_announce(struct apply *apply, int64_t user_id)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct user user;
	struct jw jw;
	int64_t guild_id = 0;
	TRY(user_find(apply->db, apply->arena, user_id, &user));
	user.email = NULL; /* the log is no place for it */
	jw_init(&jw, payload);
	user_profile_to_json(&jw, NULL, &user);
	struct event event = {
	    .type = "USER_UPDATE", .user_id = user_id, .payload = payload->p, .payload_n = payload->n};
	TRY(event_append(apply, &event));
	for (;;) {
		TRY(sql_find_int(apply->db, QUERY_USER_NEXT_GUILD, SQL_ARGS(sql_id(user_id), sql_int(guild_id)),
				 &guild_id));
		if (guild_id == 0)
			return ERR_OK;
		TRY(announce_in(apply, guild_id, user_id));
	}
}

static enum err reply_self(struct apply *apply, int64_t user_id, struct jw *result)
{
	struct user user;
	TRY(user_find(apply->db, apply->arena, user_id, &user));
	user_self_to_json(result, "user", &user);
	return ERR_OK;
}

enum err user_update_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct user_update_input *in = input;
	struct user before, after;
	TRY(user_find(apply->db, apply->arena, apply->actor_id, &before));
	after = before;
	after.username = changed_text(in, "username", in->username, before.username);
	after.display_name = changed_text(in, "display_name", in->display_name, before.display_name);
	after.about = changed_text(in, "about", in->about, before.about);
	after.pronouns = changed_text(in, "pronouns", in->pronouns, before.pronouns);
	after.time_zone = changed_text(in, "time_zone", in->time_zone, before.time_zone);
	TRY(check_username(apply, before.username, after.username));
	TRY(check_time_zone(apply, after.time_zone));
	TRY(changed_avatar(apply, in, before.avatar, &after.avatar));
	if (is_same(before.username, after.username) && is_same(before.display_name, after.display_name) &&
	    is_same(before.about, after.about) && is_same(before.pronouns, after.pronouns) &&
	    is_same(before.time_zone, after.time_zone) && is_same(before.avatar, after.avatar))
		return reply_self(apply, apply->actor_id, result);
	TRY(sql_run(apply->db, QUERY_USER_UPDATE,
		    SQL_ARGS(sql_id(apply->actor_id), sql_text(after.username), sql_text(after.display_name),
			     sql_text(after.about), sql_text(after.pronouns), sql_text(after.time_zone),
			     sql_text(after.avatar)),
		    NULL));
	if (!is_same(before.avatar, after.avatar))
		TRY(picture_release(apply, before.avatar));
	TRY(user_announce(apply, apply->actor_id));
	return reply_self(apply, apply->actor_id, result);
}

enum err user_require_password(struct apply *apply, int64_t user_id, const char *password_hash)
{
	struct user user;
	struct user_credentials credentials;
	TRY(user_find(apply->db, apply->arena, user_id, &user));
	TRY(user_find_credentials(apply->db, apply->arena, user.username, &credentials));
	if (credentials.password_hash == NULL || password_hash == NULL ||
	    strcmp(credentials.password_hash, password_hash) != 0)
		return ERR_WRONG_PASSWORD;
	return ERR_OK;
}

enum err user_mail_change(struct apply *apply, enum mail_kind kind, const struct user *user, const char *to)
{
	struct buf *data = buf_in_arena(apply->arena);
	char at[CLOCK_ISO8601_SIZE];
	struct jw jw;
	if (to == NULL)
		return ERR_OK;
	clock_iso8601(apply->now_ms, at);
	jw_init(&jw, data);
	jw_object(&jw, NULL);
	jw_text(&jw, "name", user_shown_name(user));
	jw_text(&jw, "at", arena_printf(apply->arena, "%.10s %.5s UTC", at, at + 11));
	jw_object_end(&jw);
	return mail_add(apply, kind, to, (struct str){data->p, data->n}, 0);
}

enum err user_email_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct user_email_input *in = input;
	struct user before;
	int64_t id;
	bool is_told;
	TRY(session_require_login(apply));
	TRY(user_require_password(apply, apply->actor_id, in->password_hash));
	TRY(user_find(apply->db, apply->arena, apply->actor_id, &before));
	if (!user_is_email(in->email)) {
		field_errors_add(&apply->errors, "email", "EMAIL_TYPE_INVALID_EMAIL",
				 "Not a well-formed e-mail address.");
		return ERR_INVALID_FORM;
	}
	if (is_same(before.email, in->email))
		return reply_self(apply, apply->actor_id, result);
	TRY(sql_find_int(apply->db, QUERY_USER_FIND_BY_EMAIL, SQL_ARGS(sql_text(in->email)), &id));
	if (id != 0 && id != apply->actor_id)
		return ERR_EMAIL_TAKEN;
	TRY(sql_run(apply->db, QUERY_USER_SET_EMAIL, SQL_ARGS(sql_id(apply->actor_id), sql_text(in->email)), NULL));
	TRY(sql_run(apply->db, QUERY_PASSWORD_RESET_END, SQL_ARGS(sql_id(apply->actor_id)), NULL));
	TRY(security_event_add(apply, SECURITY_EMAIL_CHANGED, apply->actor_id, NULL));
	/* The owner of the address that the account had may not be who changed it. */
	TRY(security_event_is_told(apply, SECURITY_EMAIL_CHANGED, before.id, &is_told));
	if (is_told)
		TRY(user_mail_change(apply, MAIL_email_changed, &before, before.email));
	return reply_self(apply, apply->actor_id, result);
}
