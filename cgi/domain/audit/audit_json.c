/* Reading the audit log: Discord's audit log entry objects. */
#include "domain/audit/audit.h"

#include "domain/perm.h"
#include "domain/user/user.h"

#include <string.h>

void audit_row_members(struct jw *jw, const struct audit_row *row)
{
	jw_id(jw, "id", row->id);
	jw_id(jw, "user_id", row->actor_id);
	jw_id(jw, "target_id", row->target_id);
	jw_int(jw, "action_type", row->action);
	if (row->changes != NULL && strcmp(row->changes, "[]") != 0)
		jw_raw(jw, "changes", row->changes, strlen(row->changes));
	if (row->options != NULL)
		jw_raw(jw, "options", row->options, strlen(row->options));
	if (row->reason != NULL)
		jw_text(jw, "reason", row->reason);
}

/* Whether what the action was done to is a person. */
static bool is_about_user(int64_t action)
{
	switch (action) {
	case AUDIT_MEMBER_KICK:
	case AUDIT_BAN_ADD:
	case AUDIT_BAN_REMOVE:
	case AUDIT_MEMBER_UPDATE:
	case AUDIT_MEMBER_ROLE_UPDATE:
	case AUDIT_BOT_ADD:
	case AUDIT_MESSAGE_DELETE:
	case AUDIT_MESSAGE_PIN:
	case AUDIT_MESSAGE_UNPIN:
	case AUDIT_CHANNEL_MEMBER_ADD:
	case AUDIT_CHANNEL_MEMBER_REMOVE:
	case AUDIT_CHANNEL_BAN_ADD:
	case AUDIT_CHANNEL_BAN_REMOVE:
	case AUDIT_CHANNEL_OWNER_UPDATE:
	case AUDIT_BOT_TOKEN_RENEW:
	case AUDIT_BOT_REMOVE:
		return true;
	default:
		return false;
	}
}

static void name_user(struct audit_page_result *result, int64_t user_id)
{
	for (int i = 0; i < result->user_count; i++) {
		if (result->user_ids[i] == user_id)
			return;
	}
	if (user_id != 0)
		result->user_ids[result->user_count++] = user_id;
}

/* Each query has an index for what narrows the log most; the rest is looked at entry by entry. */
static enum query query_for(const struct audit_page *page)
{
	if (page->has_after)
		return QUERY_AUDIT_LIST_AFTER;
	if (page->target_id != 0)
		return QUERY_AUDIT_LIST_OF_TARGET;
	if (page->actor_id != 0)
		return QUERY_AUDIT_LIST_OF_ACTOR;
	return page->action != 0 ? QUERY_AUDIT_LIST_OF_ACTION : QUERY_AUDIT_LIST;
}

static struct audit_row from_row(struct sql_stmt *stmt, struct arena *arena)
{
	return (struct audit_row){
	    .id = sql_column_int(stmt, 0),
	    .actor_id = sql_column_int(stmt, 1),
	    .action = sql_column_int(stmt, 2),
	    .target_id = sql_column_int(stmt, 3),
	    .reason = sql_column_text(stmt, 4, arena),
	    .changes = sql_column_text(stmt, 5, arena),
	    .options = sql_column_text(stmt, 6, arena),
	};
}

/* Asks once a channel, as entries of one often follow each other. */
struct sight {
	int64_t channel_id;
	bool is_seen;
};

static enum err look(struct sql *db, struct arena *arena, int64_t viewer_id, int64_t channel_id, struct sight *sight)
{
	bool is_deleted;
	if (channel_id == sight->channel_id)
		return ERR_OK;
	*sight = (struct sight){.channel_id = channel_id, .is_seen = channel_id == 0};
	if (channel_id == 0)
		return ERR_OK;
	return perm_sees_channel(db, arena, channel_id, viewer_id, &sight->is_seen, &is_deleted);
}

static void append(struct jw *jw, const struct audit_row *row, struct audit_page_result *result)
{
	jw_object(jw, NULL);
	audit_row_members(jw, row);
	jw_object_end(jw);
	name_user(result, row->actor_id);
	if (is_about_user(row->action))
		name_user(result, row->target_id);
	result->last_id = row->id;
	result->count++;
}

enum err audit_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key, int64_t guild_id,
			    int64_t viewer_id, const struct audit_page *page, struct audit_page_result *result)
{
	bool has_text = page->text != NULL && page->text[0] != '\0';
	struct sight sight = {.is_seen = true};
	struct sql_stmt *stmt;
	enum err err = ERR_OK;
	*result = (struct audit_page_result){0};
	TRY(sql_start(db, query_for(page),
		      SQL_ARGS(sql_id(guild_id), sql_int(page->before != 0 ? page->before : INT64_MAX),
			       sql_id(page->actor_id), sql_id(page->action), sql_id(page->target_id),
			       sql_text(has_text ? sql_like_anywhere(arena, page->text) : NULL), sql_int(page->after)),
		      &stmt));
	jw_array(jw, key);
	while (err == ERR_OK && result->count < page->limit && sql_step(stmt)) {
		err = look(db, arena, viewer_id, sql_column_int(stmt, 7), &sight);
		if (err != ERR_OK || !sight.is_seen)
			continue;
		struct audit_row row = from_row(stmt, arena);
		append(jw, &row, result);
	}
	jw_array_end(jw);
	enum err end = sql_finish(stmt);
	return err != ERR_OK ? err : end;
}

enum err audit_find_person(struct sql *db, const char *username, int64_t *user_id)
{
	return sql_find_int(db, QUERY_AUDIT_FIND_USER, SQL_ARGS(sql_text(username)), user_id);
}

enum err audit_users_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
			     const struct audit_page_result *result)
{
	jw_array(jw, key);
	for (int i = 0; i < result->user_count; i++) {
		struct user user;
		enum err err = user_find(db, arena, result->user_ids[i], &user);
		if (err == ERR_OK)
			user_to_json(jw, NULL, &user);
		else if (err != ERR_UNKNOWN_USER)
			return err;
	}
	jw_array_end(jw);
	return ERR_OK;
}
