/* What an entry of the audit log says has changed, as a template shows it: the value before and after, the permissions
 * or roles that were given and taken. Part of audit_words.h. */
#include "domain/perm.h"
#include "page/audit_words.h"
#include "page/permissions.h"
#include "text/fragment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { KIND_TEXT, KIND_FLAG, KIND_BITS, KIND_NAMES, KIND_COLOR, KIND_TIME };

/* Changes that have words. Others, such as ids of what stands beside, are not shown. */
static const struct row {
	const char *name; /* in the log */
	const char *key;  /* in the template */
	enum kind kind;
} rows[] = {
    {"name", "name", KIND_TEXT},
    {"nick", "nick", KIND_TEXT},
    {"description", "description", KIND_TEXT},
    {"topic", "topic", KIND_TEXT},
    {"code", "code", KIND_TEXT},
    {"position", "position", KIND_TEXT},
    {"rate_limit_per_user", "slow_mode", KIND_TEXT},
    {"max_uses", "max_uses", KIND_TEXT},
    {"color", "color", KIND_COLOR},
    {"hoist", "hoist", KIND_FLAG},
    {"mentionable", "mentionable", KIND_FLAG},
    {"archived", "archived", KIND_FLAG},
    {"locked", "locked", KIND_FLAG},
    {"private", "private", KIND_FLAG},
    {"default", "default", KIND_FLAG},
    {"temporary", "temporary", KIND_FLAG},
    {"permissions", "permissions", KIND_BITS},
    {"allow", "allow", KIND_BITS},
    {"deny", "deny", KIND_BITS},
    {"$add", "roles_given", KIND_NAMES},
    {"$remove", "roles_taken", KIND_NAMES},
    {"communication_disabled_until", "timeout", KIND_TIME},
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static void write_text(struct jw *jw, const char *key, struct str text)
{
	if (text.n == 0)
		jw_null(jw, key);
	else
		jw_text_n(jw, key, text.p, text.n);
}

/* Text or a number as it was written; empty for anything else. */
static struct str text_of(const struct view *change, const char *name)
{
	const struct view *value = view_find(change, name);
	bool has_text = value != NULL && (value->type == VIEW_TEXT || value->type == VIEW_NUMBER);

	return has_text ? value->text : STR("");
}

static void write_color(struct jw *jw, const char *key, const struct view *change, const char *name)
{
	char text[16];
	int64_t color = view_int(change, name);

	(void)snprintf(text, sizeof(text), "#%06x", (unsigned)color & 0xffffffU);
	jw_text(jw, key, color == 0 ? NULL : text);
}

static uint64_t bits_of(const struct view *change, const char *name)
{
	struct str text = text_of(change, name);
	char digits[24] = "";

	if (text.n < sizeof(digits))
		memcpy(digits, text.p, text.n);
	return strtoull(digits, NULL, 10);
}

static void write_bits(struct jw *jw, const struct view *change)
{
	uint64_t before = bits_of(change, "old_value"), after = bits_of(change, "new_value");

	permissions_write_names(jw, "given", after & ~before);
	permissions_write_names(jw, "taken", before & ~after);
}

static void write_names(struct jw *jw, const struct view *list)
{
	jw_array(jw, "names");
	for (const struct view *each = list != NULL ? list->first : NULL; each != NULL; each = each->next) {
		struct str name = view_text(each, "name");

		jw_object(jw, NULL);
		jw_text_n(jw, "name", name.p, name.n);
		jw_object_end(jw);
	}
	jw_array_end(jw);
}

static void empty_list(struct jw *jw, const char *key)
{
	jw_array(jw, key);
	jw_array_end(jw);
}

static void write_change(struct jw *jw, const struct row *row, const struct view *change)
{
	const struct view *after = view_find(change, "new_value");
	bool is_text = row->kind == KIND_TEXT || row->kind == KIND_TIME;

	jw_object(jw, NULL);
	jw_object(jw, "is");
	for (size_t i = 0; i < ROWS; i++)
		jw_flag(jw, rows[i].key, row == &rows[i]);
	jw_object_end(jw);
	if (row->kind == KIND_COLOR) {
		write_color(jw, "before", change, "old_value");
		write_color(jw, "after", change, "new_value");
	} else {
		write_text(jw, "before", is_text ? text_of(change, "old_value") : STR(""));
		write_text(jw, "after", is_text ? text_of(change, "new_value") : STR(""));
	}
	if (row->kind == KIND_BITS) {
		write_bits(jw, change);
	} else {
		empty_list(jw, "given");
		empty_list(jw, "taken");
	}
	write_names(jw, row->kind == KIND_NAMES ? after : NULL);
	jw_flag(jw, "is_on", after != NULL && after->type == VIEW_TRUE);
	jw_flag(jw, "is_time", row->kind == KIND_TIME);
	jw_object_end(jw);
}

/* What a thing is called and where it stands when it comes or goes is told by the sentence, or nobody's question. */
static bool is_told(const struct view *change)
{
	struct str name = view_text(change, "key"), before = text_of(change, "old_value"),
		   after = text_of(change, "new_value");
	bool comes_or_goes = before.n == 0 || after.n == 0 || str_eq(before, STR("0")) || str_eq(after, STR("0"));

	return comes_or_goes && (str_eq(name, STR("name")) || str_eq(name, STR("position")));
}

static const struct row *find_row(const struct view *change)
{
	struct str name = view_text(change, "key");

	for (size_t i = 0; i < ROWS && !is_told(change); i++) {
		if (str_eq_text(name, rows[i].name))
			return &rows[i];
	}
	return NULL;
}

enum err audit_changes_ready(struct arena *arena, struct view *entry)
{
	const struct view *changes = view_find(entry, "changes");
	struct buf *text = buf_in_arena(arena);
	struct view *shown;
	struct jw jw;

	jw_init(&jw, text);
	jw_array(&jw, NULL);
	for (const struct view *each = changes != NULL ? changes->first : NULL; each != NULL; each = each->next) {
		const struct row *row = find_row(each);

		if (row != NULL)
			write_change(&jw, row, each);
	}
	jw_array_end(&jw);
	if (view_parse(arena, text->p, text->n, &shown) != ERR_OK)
		return ERR_INTERNAL;
	for (struct view *each = shown->first; each != NULL; each = each->next) {
		bool is_time = view_find(each, "is_time")->type == VIEW_TRUE;
		fragment_moment(arena, each, "moment", is_time ? view_text(each, "after") : STR(""));
	}
	view_put(arena, entry, "changes", shown);
	view_put_flag(arena, entry, "has_changes", shown->first != NULL);
	return ERR_OK;
}
