/* The JSON views of workspaces. */
#include "domain/emoji/emoji.h"
#include "domain/guild/guild.h"
#include "domain/perm.h"
#include "domain/role/role.h"

enum { GUILDS_OF_USER_MAX = 200 };

enum err guild_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t user_id,
			    int64_t before, int64_t after, int limit)
{
	struct guild list[GUILDS_OF_USER_MAX];
	struct sql_stmt *stmt;
	int count = 0;
	if (limit > GUILDS_OF_USER_MAX)
		limit = GUILDS_OF_USER_MAX;
	TRY(sql_start(
	    db, QUERY_GUILD_LIST_OF_USER,
	    SQL_ARGS(sql_id(user_id), sql_int(after), sql_int(before == 0 ? INT64_MAX : before), sql_int(limit)),
	    &stmt));
	while (count < limit && sql_step(stmt)) {
		list[count++] = (struct guild){
		    .id = sql_column_int(stmt, 0),
		    .owner_id = sql_column_int(stmt, 1),
		    .name = sql_column_text(stmt, 2, arena),
		    .icon = sql_column_text(stmt, 3, arena),
		};
	}
	TRY(sql_finish(stmt));

	jw_array(jw, key);
	for (int i = 0; i < count; i++) {
		uint64_t bits;
		TRY(perm_of_guild(db, arena, list[i].id, user_id, &bits));
		jw_object(jw, NULL);
		jw_id(jw, "id", list[i].id);
		jw_text(jw, "name", list[i].name);
		jw_text(jw, "icon", list[i].icon);
		jw_flag(jw, "owner", list[i].owner_id == user_id);
		jw_bits(jw, "permissions", bits);
		jw_array(jw, "features");
		jw_array_end(jw);
		jw_object_end(jw);
	}
	jw_array_end(jw);
	return ERR_OK;
}

/* What Discord's object holds and Snug has nothing to say of. */
static void write_constants(struct jw *jw)
{
	static const char *const nothing[] = {
	    "splash",		      "discovery_splash", "banner",	      "afk_channel_id",
	    "application_id",	      "system_channel_id", "rules_channel_id", "public_updates_channel_id",
	    "safety_alerts_channel_id", "vanity_url_code",  "max_presences",
	};
	for (size_t i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++)
		jw_null(jw, nothing[i]);
	jw_int(jw, "afk_timeout", 300);
	jw_int(jw, "verification_level", 0);
	jw_int(jw, "default_message_notifications", 0);
	jw_int(jw, "explicit_content_filter", 0);
	jw_int(jw, "mfa_level", 0);
	jw_int(jw, "nsfw_level", 0);
	jw_int(jw, "premium_tier", 0);
	jw_int(jw, "premium_subscription_count", 0);
	jw_flag(jw, "premium_progress_bar_enabled", false);
	jw_flag(jw, "widget_enabled", false);
	jw_text(jw, "preferred_locale", "en-US");
	jw_int(jw, "system_channel_flags", 0);
	static const char *const empty_lists[] = {"features", "stickers"};
	for (size_t i = 0; i < sizeof(empty_lists) / sizeof(empty_lists[0]); i++) {
		jw_array(jw, empty_lists[i]);
		jw_array_end(jw);
	}
}

/* Its members, into an object that is open. */
static enum err write_members(struct sql *db, struct arena *arena, struct jw *jw, const struct guild *guild)
{
	jw_id(jw, "id", guild->id);
	jw_text(jw, "name", guild->name);
	jw_text(jw, "icon", guild->icon);
	jw_text(jw, "description", guild->description);
	jw_id(jw, "owner_id", guild->owner_id);
	write_constants(jw);
	TRY(emoji_list_to_json(db, arena, jw, "emojis", guild->id, false));
	return role_list_to_json(db, arena, jw, "roles", guild->id);
}

enum err guild_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, const struct guild *guild)
{
	jw_object(jw, key);
	TRY(write_members(db, arena, jw, guild));
	jw_object_end(jw);
	return ERR_OK;
}

enum err guild_counted_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			       const struct guild *guild)
{
	int64_t member_count;
	TRY(guild_count_members(db, guild->id, &member_count));
	jw_object(jw, key);
	TRY(write_members(db, arena, jw, guild));
	jw_int(jw, "approximate_member_count", member_count);
	jw_object_end(jw);
	return ERR_OK;
}
