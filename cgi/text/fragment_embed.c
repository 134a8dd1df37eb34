/* Embeds of a message, readied for part/message_embeds: those that a program gave it, and previews of its links. What a
 * stranger's page or a program says is text, or Markdown where Discord has that; addresses lead to http and https
 * alone, and pictures are shown from here only: a reader's browser asks no other site. */
#include "text/fragment.h"
#include "text/html.h"

#include <string.h>

static void put_html(struct arena *arena, struct view *object, struct str text, const struct markdown_names *names)
{
	struct buf *html = buf_in_arena(arena);

	markdown_to_html(arena, text, names, html);
	view_put_text(arena, object, "content_html", (struct str){html->n > 0 ? html->p : "", html->n});
}

/* Sets key to the address under name, or to null where it is not to be followed. */
static void put_link(struct arena *arena, struct view *object, const char *key, const char *name)
{
	struct str url = view_text(object, name);

	if (html_url_is_safe(url) && str_lower(url.p[0]) == 'h')
		view_put_text(arena, object, key, url);
	else
		view_put_null(arena, object, key);
}

/* A picture of ours is at a path; a picture elsewhere is none that is shown. */
static void put_picture(struct arena *arena, struct view *embed, const char *key, const char *name)
{
	struct str url = view_text(view_find(embed, name), "url");
	bool is_ours = url.n > 1 && url.p[0] == '/' && url.p[1] != '/' && url.p[1] != '\\';

	if (is_ours)
		view_put_text(arena, embed, key, url);
	else
		view_put_null(arena, embed, key);
}

static void put_color(struct arena *arena, struct view *embed)
{
	const struct view *color = view_find(embed, "color");
	int64_t number;

	if (color != NULL && view_to_int(color, &number) && number >= 0 && number <= 0xffffff)
		view_put_text(arena, embed, "color_hex", str_from(arena_printf(arena, "#%06x", (unsigned)number)));
	else
		view_put_null(arena, embed, "color_hex");
}

/* Where the template asks for an object, there is one or null. */
static struct view *object_or_null(struct arena *arena, struct view *embed, const char *name)
{
	struct view *found = view_find(embed, name);

	if (view_is_object(found))
		return found;
	view_put_null(arena, embed, name);
	return NULL;
}

static void ready_fields(struct arena *arena, struct view *embed, const struct markdown_names *names)
{
	const struct view *fields = view_find(embed, "fields");
	bool has_fields = fields != NULL && fields->type == VIEW_LIST && fields->first != NULL;

	view_put_flag(arena, embed, "has_fields", has_fields);
	for (struct view *field = has_fields ? fields->first : NULL; field != NULL; field = field->next) {
		const struct view *beside = view_find(field, "inline");
		view_put_flag(arena, field, "is_inline", beside != NULL && beside->type == VIEW_TRUE);
		put_html(arena, field, view_text(field, "value"), names);
	}
}

static void ready_embed(struct arena *arena, struct view *embed, const struct markdown_names *names)
{
	struct str description = view_text(embed, "description"), title = view_text(embed, "title");
	struct view *author = object_or_null(arena, embed, "author"), *footer = object_or_null(arena, embed, "footer");

	put_link(arena, embed, "link", "url");
	put_color(arena, embed);
	put_picture(arena, embed, "picture", "image");
	put_picture(arena, embed, "small_picture", "thumbnail");
	fragment_moment(arena, embed, "moment", view_text(embed, "timestamp"));
	(void)object_or_null(arena, embed, "provider");
	view_put_flag(arena, embed, "is_preview", str_eq_text(view_text(embed, "type"), "link"));
	view_put_flag(arena, embed, "has_end", footer != NULL || view_is_object(view_find(embed, "moment")));
	view_put_text(arena, embed, "title", title);
	if (author != NULL)
		put_link(arena, author, "author_link", "url");
	/* What a page says of itself is no Markdown. */
	view_put_text(arena, embed, "plain", str_eq_text(view_text(embed, "type"), "link") ? description : STR(""));
	if (description.n > 0 && !str_eq_text(view_text(embed, "type"), "link"))
		put_html(arena, view_put_object(arena, embed, "text"), description, names);
	else
		view_put_null(arena, embed, "text");
	ready_fields(arena, embed, names);
}

void fragment_embeds(struct arena *arena, struct view *message, const struct markdown_names *names)
{
	const struct view *embeds = view_find(message, "embeds");
	bool has_embeds = embeds != NULL && embeds->type == VIEW_LIST && embeds->first != NULL;

	view_put_flag(arena, message, "has_embeds", has_embeds);
	for (struct view *embed = has_embeds ? embeds->first : NULL; embed != NULL; embed = embed->next) {
		if (view_is_object(embed))
			ready_embed(arena, embed, names);
	}
}
