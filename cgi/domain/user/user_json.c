/* The JSON views of an account. */
#include "domain/user/user.h"

enum { OWNED_SHOWN_MAX = 100 };

static void public_members(struct jw *jw, const struct user *user)
{
	jw_id(jw, "id", user->id);
	jw_text(jw, "username", user->username);
	jw_text(jw, "discriminator", "0");
	jw_text(jw, "global_name", user->display_name);
	jw_text(jw, "avatar", user->avatar);
	jw_flag(jw, "bot", user->is_bot);
	jw_int(jw, "public_flags", 0);
}

static void profile_members(struct jw *jw, const struct user *user)
{
	public_members(jw, user);
	jw_null(jw, "banner");
	jw_null(jw, "accent_color");
	jw_text(jw, "about", user->about);
	jw_text(jw, "pronouns", user->pronouns);
	jw_text(jw, "time_zone", user->time_zone);
}

void user_to_json(struct jw *jw, const char *key, const struct user *user)
{
	jw_object(jw, key);
	public_members(jw, user);
	jw_object_end(jw);
}

void user_profile_to_json(struct jw *jw, const char *key, const struct user *user)
{
	jw_object(jw, key);
	profile_members(jw, user);
	jw_object_end(jw);
}

enum err user_owned_guilds_to_json(struct sql *db, struct jw *jw, const char *key, int64_t user_id)
{
	struct sql_stmt *stmt;
	bool is_any = false;
	size_t n;
	TRY(sql_start(db, QUERY_USER_OWNED_GUILDS, SQL_ARGS(sql_id(user_id), sql_int(OWNED_SHOWN_MAX)), &stmt));
	jw_object(jw, key);
	jw_array(jw, "guilds");
	while (sql_step(stmt)) {
		const char *name = sql_column_borrow(stmt, 0, &n);
		is_any = true;
		jw_object(jw, NULL);
		jw_id(jw, "id", sql_column_int(stmt, 1));
		jw_text_n(jw, "name", name, n);
		jw_object_end(jw);
	}
	jw_array_end(jw);
	jw_flag(jw, "is_any", is_any);
	jw_object_end(jw);
	return sql_finish(stmt);
}

void user_self_to_json(struct jw *jw, const char *key, const struct user *user)
{
	jw_object(jw, key);
	profile_members(jw, user);
	jw_text(jw, "email", user->email);
	jw_flag(jw, "verified", user->is_bot || user->email != NULL);
	jw_flag(jw, "mfa_enabled", user->has_factor);
	jw_int(jw, "flags", 0);
	jw_int(jw, "premium_type", 0);
	jw_text(jw, "locale", "en-US");
	jw_flag(jw, "admin", user->is_admin);
	jw_object_end(jw);
}
