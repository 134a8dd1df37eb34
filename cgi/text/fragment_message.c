/* What part/message and its parts need beyond a message's view; see fragment.h. Each part of a message has its own
 * function here, called once for the message itself. */
#include "base/utf8.h"
#include "text/fragment.h"

/* What a reply shows of the message that it answers. */
enum { SNIPPET_MAX = 160 };

/* A member that a view leaves out when there is nothing to say must still be known to its template. */
static void null_if_absent(struct arena *arena, struct view *object, const char *name)
{
	if (!view_find(object, name))
		view_put_null(arena, object, name);
}

static bool has_items(const struct view *object, const char *name)
{
	const struct view *list = view_find(object, name);
	return list != NULL && list->type == VIEW_LIST && list->first != NULL;
}

/* The beginning of a text, in one line. */
static struct str snippet_of(struct arena *arena, struct str text)
{
	size_t n = 0;
	uint32_t code_point;

	for (int count = 0; count < SNIPPET_MAX && n < text.n; count++) {
		size_t length = utf8_decode(text.p + n, text.n - n, &code_point);
		if (length == 0)
			break;
		n += length;
	}
	char *line = arena_alloc(arena, n + 1);
	for (size_t i = 0; i < n; i++)
		line[i] = text.p[i] == '\n' || text.p[i] == '\t' ? ' ' : text.p[i];
	line[n] = '\0';
	return (struct str){line, n};
}

void fragment_parent(struct arena *arena, struct view *message)
{
	fragment_person(arena, message, "author", view_find(message, "author"));
	view_put_text(arena, message, "snippet", snippet_of(arena, view_text(message, "content")));
}

/* Adds is_reply, and to the message that is answered author_name, … and snippet. One that is deleted is null. */
static void ready_reply(struct arena *arena, struct view *message)
{
	enum { TYPE_REPLY = 19 };
	struct view *parent = view_find(message, "referenced_message");
	bool is_reply =
	    view_int(message, "type") == TYPE_REPLY && view_is_object(view_find(message, "message_reference"));

	view_put_flag(arena, message, "is_reply", is_reply);
	null_if_absent(arena, message, "referenced_message");
	if (!is_reply || !view_is_object(parent))
		return;
	fragment_parent(arena, parent);
}

static void ready_times(struct arena *arena, struct view *message)
{
	struct str date = view_text(message, "timestamp"), time = {"", 0};

	if (date.n >= sizeof("2026-01-02T15:04") - 1) {
		time = (struct str){date.p + sizeof("2026-01-02T") - 1, sizeof("15:04") - 1};
		date.n = sizeof("2026-01-02") - 1;
	}
	view_put_text(arena, message, "date_text", date);
	view_put_text(arena, message, "time_text", time);
	view_put_flag(arena, message, "is_edited", view_text(message, "edited_timestamp").n > 0);
}

void fragment_message(struct arena *arena, struct view *message)
{
	static const char *const optional[] = {"nonce", "edited_timestamp", "pinned", "message_snapshots", "poll",
					       "thread"};
	static const struct {
		const char *flag, *list;
	} parts[] = {{"has_embeds", "embeds"}, {"has_reactions", "reactions"}};

	for (size_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++)
		null_if_absent(arena, message, optional[i]);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		view_put_flag(arena, message, parts[i].flag, has_items(message, parts[i].list));
	fragment_attachments(arena, message);
	ready_times(arena, message);
	ready_reply(arena, message);
	view_put_flag(arena, message, "is_mine", false);
	view_put_flag(arena, message, "is_continued", false);
	fragment_person(arena, message, "author", view_find(message, "author"));
}
