/* Messages that would make every page and stream they stand in too large: each of their parts has its own limit, but
 * spoilers, addresses full of "&" and descriptions of files make half a megabyte of HTML of what one person may post in
 * a second. Elsewhere than on its own page such a message is shown without its embeds and files, with a link there: a
 * page of a hundred of them still is within what a page may be (TMPL_OUTPUT_MAX). */
#include "text/fragment.h"

#include "text/html.h"

#include <string.h>

enum {
	WEIGHT_MAX = 64 * 1024,       /* about as many bytes of HTML */
	CONTENT_HTML_MAX = 32 * 1024, /* beyond that, a heavy message's text is shown as it was typed */
	OBJECT_WEIGHT = 200,          /* the markup around what an embed, a field or a file has */
	/* How often a template writes the texts of each. */
	TIMES_OF_EMBED = 2,
	TIMES_OF_ATTACHMENT = 4,
};

static size_t escaped_length(struct str text)
{
	size_t n = text.n;

	for (size_t i = 0; i < text.n; i++)
		n += memchr("&<>\"'", text.p[i], 5) != NULL ? sizeof("&quot;") - 2 : 0;
	return n;
}

static bool is_html(const struct view *member)
{
	return str_eq(member->name, STR("content_html"));
}

static size_t weight_of(const struct view *view, size_t times)
{
	size_t weight = 0;

	if (view == NULL)
		return 0;
	if (view->type == VIEW_TEXT)
		return is_html(view) ? view->text.n : times * escaped_length(view->text);
	if (view->type != VIEW_LIST && view->type != VIEW_OBJECT)
		return 0;
	for (const struct view *each = view->first; each != NULL; each = each->next)
		weight += weight_of(each, times);
	return view->type == VIEW_OBJECT ? weight + OBJECT_WEIGHT : weight;
}

static size_t weight_of_parts(const struct view *message)
{
	return view_text(message, "content_html").n + weight_of(view_find(message, "embeds"), TIMES_OF_EMBED) +
	       weight_of(view_find(message, "attachments"), TIMES_OF_ATTACHMENT);
}

/* What a forward is a copy of; NULL where it is none. */
static struct view *copy_of(const struct view *message)
{
	const struct view *snapshots = view_find(message, "message_snapshots");

	return snapshots != NULL && snapshots->type == VIEW_LIST && snapshots->first != NULL
		   ? view_find(snapshots->first, "message")
		   : NULL;
}

bool fragment_is_heavy(const struct view *message)
{
	return weight_of_parts(message) + weight_of_parts(copy_of(message)) > WEIGHT_MAX;
}

/* Line by line, without any markup. */
static void put_plain(struct arena *arena, struct view *message)
{
	struct str text = view_text(message, "content"), line, rest;
	struct buf *html = buf_in_arena(arena);
	bool is_more = true;

	html_open(html, HTML_P);
	while (is_more) {
		is_more = str_cut(text, '\n', &line, &rest);
		html_text(html, line);
		if (is_more)
			html_break(html);
		text = rest;
	}
	html_close(html, HTML_P);
	view_put_text(arena, message, "content_html", (struct str){html->p, html->n});
}

static void lighten(struct arena *arena, struct view *message)
{
	(void)view_put_list(arena, message, "embeds");
	(void)view_put_list(arena, message, "attachments");
	view_put_flag(arena, message, "has_embeds", false);
	view_put_flag(arena, message, "has_attachments", false);
	if (view_text(message, "content_html").n > CONTENT_HTML_MAX)
		put_plain(arena, message);
}

void fragment_lighten(struct arena *arena, struct view *message)
{
	struct view *copy = copy_of(message);

	lighten(arena, message);
	if (copy != NULL)
		lighten(arena, copy);
}
