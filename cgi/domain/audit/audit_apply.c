/* Writing the audit log. */
#include "domain/audit/audit.h"

#include "base/str.h"
#include "domain/event/event.h"

#include <string.h>

void audit_changes_begin(struct apply *apply, struct audit_changes *changes)
{
	changes->text = buf_in_arena(apply->arena);
	changes->count = 0;
	jw_init(&changes->jw, changes->text);
	jw_array(&changes->jw, NULL);
}

static void begin(struct audit_changes *changes, const char *key)
{
	changes->count++;
	jw_object(&changes->jw, NULL);
	jw_text(&changes->jw, "key", key);
}

void audit_changed_text(struct audit_changes *changes, const char *key, const char *before, const char *after)
{
	if (before == after || (before != NULL && after != NULL && strcmp(before, after) == 0))
		return;
	begin(changes, key);
	if (before != NULL)
		jw_text(&changes->jw, "old_value", before);
	if (after != NULL)
		jw_text(&changes->jw, "new_value", after);
	jw_object_end(&changes->jw);
}

void audit_changed_id(struct audit_changes *changes, const char *key, int64_t before, int64_t after)
{
	if (before == after)
		return;
	begin(changes, key);
	if (before != 0)
		jw_id(&changes->jw, "old_value", before);
	if (after != 0)
		jw_id(&changes->jw, "new_value", after);
	jw_object_end(&changes->jw);
}

void audit_changed_int(struct audit_changes *changes, const char *key, int64_t before, int64_t after)
{
	if (before == after)
		return;
	begin(changes, key);
	jw_int(&changes->jw, "old_value", before);
	jw_int(&changes->jw, "new_value", after);
	jw_object_end(&changes->jw);
}

void audit_changed_flag(struct audit_changes *changes, const char *key, bool before, bool after)
{
	if (before == after)
		return;
	begin(changes, key);
	jw_flag(&changes->jw, "old_value", before);
	jw_flag(&changes->jw, "new_value", after);
	jw_object_end(&changes->jw);
}

void audit_changed_bits(struct audit_changes *changes, const char *key, uint64_t before, uint64_t after)
{
	if (before == after)
		return;
	begin(changes, key);
	jw_bits(&changes->jw, "old_value", before);
	jw_bits(&changes->jw, "new_value", after);
	jw_object_end(&changes->jw);
}

void audit_changed_names(struct audit_changes *changes, const char *key, const struct audit_name *list, size_t count)
{
	if (count == 0)
		return;
	begin(changes, key);
	jw_array(&changes->jw, "new_value");
	for (size_t i = 0; i < count; i++) {
		jw_object(&changes->jw, NULL);
		jw_id(&changes->jw, "id", list[i].id);
		jw_text(&changes->jw, "name", list[i].name);
		jw_object_end(&changes->jw);
	}
	jw_array_end(&changes->jw);
	jw_object_end(&changes->jw);
}

/* The changes as JSON text: an array, empty where nothing was noted. */
static struct str changes_text(struct audit_changes *changes)
{
	if (changes == NULL)
		return STR("[]");
	jw_array_end(&changes->jw);
	return (struct str){changes->text->p, changes->text->n};
}

/* The actions on channels and their overwrites have the channel as their target. */
static int64_t channel_of(const struct audit_entry *entry)
{
	bool is_of_channel = entry->action >= AUDIT_CHANNEL_CREATE && entry->action <= AUDIT_OVERWRITE_DELETE;
	return entry->channel_id == 0 && is_of_channel ? entry->target_id : entry->channel_id;
}

/* Of a channel that is deleted nobody hears any more: its line in the log is there for who looks. */
static enum err announce(struct apply *apply, int64_t guild_id, int64_t channel_id, const struct audit_row *row)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_id(&jw, "guild_id", guild_id);
	audit_row_members(&jw, row);
	jw_object_end(&jw);
	struct event event = {.type = "GUILD_AUDIT_LOG_ENTRY_CREATE",
			      .guild_id = guild_id,
			      .channel_id = channel_id,
			      .payload = payload->p,
			      .payload_n = payload->n};
	return event_append(apply, &event);
}

enum err audit_append(struct apply *apply, const struct audit_entry *entry)
{
	struct str changes = changes_text(entry->changes);
	const struct audit_row row = {
	    .id = id_next(apply->ids, apply->now_ms),
	    .actor_id = apply->actor_id,
	    .action = entry->action,
	    .target_id = entry->target_id,
	    .reason = apply->reason,
	    .changes = changes.p,
	    .options = entry->options,
	};
	TRY(sql_run(apply->db, QUERY_AUDIT_INSERT,
		    SQL_ARGS(sql_id(row.id), sql_id(entry->guild_id), sql_id(row.actor_id), sql_int(row.action),
			     sql_id(row.target_id), sql_id(channel_of(entry)), sql_text(row.reason),
			     sql_text(row.changes), sql_text(row.options)),
		    NULL));
	return announce(apply, entry->guild_id, channel_of(entry), &row);
}
