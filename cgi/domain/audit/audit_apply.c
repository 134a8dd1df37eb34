/* Writing the audit log. */
#include "domain/audit/audit.h"

#include "base/str.h"

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

enum err audit_append(struct apply *apply, const struct audit_entry *entry)
{
	int64_t id = id_next(apply->ids, apply->now_ms);
	struct str changes = changes_text(entry->changes);
	return sql_run(apply->db, QUERY_AUDIT_INSERT,
		       SQL_ARGS(sql_id(id), sql_id(entry->guild_id), sql_id(apply->actor_id), sql_int(entry->action),
				sql_id(entry->target_id), sql_text(apply->reason), sql_text(changes.p),
				sql_text(entry->options)),
		       NULL);
}
