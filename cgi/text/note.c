#include "text/note.h"

#include "base/buf.h"

#include <string.h>

static const struct {
	const char *type, *note;
} rows[] = {{"MESSAGE_CREATE", "create"},
	    {"MESSAGE_DELETE", "delete"},
	    {"MESSAGE_DELETE_BULK", "delete"},
	    {"MESSAGE_ACK", "ack"},
	    {"DRAFT_UPDATE", "draft"}};

static const char *note_of(const char *type)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].type, type) == 0)
			return rows[i].note;
	}
	return NULL;
}

bool note_is_of(const char *type)
{
	return note_of(type) != NULL;
}

static const struct view *first_of(const struct view *payload, const char *name)
{
	const struct view *list = view_find(payload, name);
	return list != NULL && list->type == VIEW_LIST ? list->first : NULL;
}

static void add_target(struct buf *out, struct str id)
{
	buf_printf(out, "%s%.*s", out->n > 0 ? " " : "", (int)id.n, id.p);
}

static bool is_true(const struct view *value)
{
	return value != NULL && value->type == VIEW_TRUE;
}

/* What mentions everyone names the workspace, or the group itself: as rows of mentions do. */
static struct str targets_of(struct arena *arena, const struct view *payload)
{
	struct buf *out = buf_in_arena(arena);
	for (const struct view *each = first_of(payload, "mentions"); each; each = each->next)
		add_target(out, view_text(each, "id"));
	for (const struct view *each = first_of(payload, "mention_roles"); each; each = each->next) {
		if (each->type == VIEW_TEXT)
			add_target(out, each->text);
	}
	if (is_true(view_find(payload, "mention_everyone"))) {
		struct str guild = view_text(payload, "guild_id");
		add_target(out, guild.n > 0 ? guild : view_text(payload, "channel_id"));
	}
	return (struct str){out->p != NULL ? out->p : "", out->n};
}

static void null_if_absent(struct arena *arena, struct view *payload, const char *name)
{
	if (view_find(payload, name) == NULL)
		view_put_null(arena, payload, name);
}

void note_ready(struct arena *arena, const char *type, struct view *payload)
{
	static const char *const optional[] = {"id", "message_id", "unread", "is_deleted"};
	const struct view *author = view_find(payload, "author");
	const char *note = note_of(type);
	for (size_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++)
		null_if_absent(arena, payload, optional[i]);
	view_put_text(arena, payload, "note", str_from(note != NULL ? note : ""));
	view_put(arena, payload, "author_id", view_find(author, "id"));
	view_put_text(arena, payload, "targets", targets_of(arena, payload));
	/* Of an ack it is a number, of a message a list of people. */
	view_put_int(arena, payload, "mention_count", view_int(payload, "mentions"));
}
