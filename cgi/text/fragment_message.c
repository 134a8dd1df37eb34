/* What part/message and its parts need beyond a message's view; see fragment.h. Each part of a message has its own
 * function here, called once for the message itself. */
#include "text/fragment.h"
#include "text/markdown.h"

/* What a reply shows of the message that it answers. */
enum { SNIPPET_MAX = 160 };

/* What is longer is folded. */
enum { LONG_BYTES = 2000, LONG_LINES = 24 };

/* A member that a view leaves out when there is nothing to say must still be known to its template. */
static void null_if_absent(struct arena *arena, struct view *object, const char *name)
{
	if (!view_find(object, name))
		view_put_null(arena, object, name);
}

/* A page says where it shows the message; an event, to which workspace its channel belongs. */
static struct str place_of(const struct view *message)
{
	struct str place = view_text(message, "place"), guild = view_text(message, "guild_id");
	return place.n > 0 ? place : guild.n > 0 ? guild : STR("@me");
}

static struct markdown_names names_of(const struct view *message)
{
	const struct view *everyone = view_find(message, "mention_everyone");
	return (struct markdown_names){
	    .users = view_find(message, "mentions"),
	    .others = view_find(message, "mention_user_names"),
	    .roles = view_find(message, "mention_role_names"),
	    .channels = view_find(message, "known_channels"),
	    .place = place_of(message),
	    .reader = view_text(message, "reader_targets"),
	    .is_for_everyone = everyone != NULL && everyone->type == VIEW_TRUE,
	};
}

/* Adds content_html. Of a forward's copy the names are the message's. */
static void ready_text(struct arena *arena, struct view *message, const struct markdown_names *names)
{
	struct buf *html = buf_in_arena(arena);

	markdown_to_html(arena, view_text(message, "content"), names, html);
	view_put_text(arena, message, "content_html", (struct str){html->n > 0 ? html->p : "", html->n});
}

static void ready_texts(struct arena *arena, struct view *message)
{
	struct markdown_names names = names_of(message);
	const struct view *snapshots = view_find(message, "message_snapshots");

	ready_text(arena, message, &names);
	fragment_embeds(arena, message, &names);
	if (snapshots == NULL || snapshots->type != VIEW_LIST)
		return;
	for (struct view *each = snapshots->first; each != NULL; each = each->next) {
		struct view *copy = view_find(each, "message");
		if (!view_is_object(copy))
			continue;
		ready_text(arena, copy, &names);
		fragment_embeds(arena, copy, &names);
		fragment_attachments(arena, copy);
	}
}

void fragment_parent(struct arena *arena, struct view *message)
{
	struct markdown_names names = names_of(message);

	fragment_person(arena, message, "author", view_find(message, "author"));
	view_put_text(arena, message, "snippet",
		      markdown_to_line(arena, view_text(message, "content"), &names, SNIPPET_MAX));
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

/* Whether a text is so long that its end waits behind "show more". Markup counts too, which is near enough. */
static bool is_long(struct str text)
{
	size_t lines = 0;

	for (size_t i = 0; i < text.n; i++)
		lines += text.p[i] == '\n';
	return text.n > LONG_BYTES || lines > LONG_LINES;
}

/* A message that leads elsewhere without answering one there: the notice of a thread, or what was said in one. */
static void ready_leading(struct arena *arena, struct view *message)
{
	enum { TYPE_THREAD_CREATED = 18 };
	const struct view *reference = view_find(message, "message_reference");
	bool leads = view_is_object(reference) && view_id(reference, "message_id") == 0;

	view_put_flag(arena, message, "is_notice", leads && view_int(message, "type") == TYPE_THREAD_CREATED);
	view_put(arena, message, "leads_to", leads ? view_find(reference, "channel_id") : NULL);
}

/* A forward and a recording have no words to edit, nor has what nobody typed. */
static bool is_editable(const struct view *message)
{
	enum { TYPE_DEFAULT = 0, TYPE_REPLY = 19, IS_VOICE = 1 << 13 };
	int64_t type = view_int(message, "type");
	const struct view *copies = view_find(message, "message_snapshots");
	bool is_forward = copies != NULL && copies->type == VIEW_LIST;

	return (type == TYPE_DEFAULT || type == TYPE_REPLY) && (view_int(message, "flags") & IS_VOICE) == 0 &&
	       !is_forward;
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
	bool is_heavy = fragment_is_heavy(message);

	if (is_heavy)
		fragment_lighten(arena, message); /* what is not shown need not be made */
	fragment_message_whole(arena, message);
	if (fragment_is_heavy(message)) {
		is_heavy = true;
		fragment_lighten(arena, message);
	}
	view_put_flag(arena, message, "is_heavy", is_heavy);
}

void fragment_message_whole(struct arena *arena, struct view *message)
{
	static const char *const optional[] = {"nonce", "edited_timestamp", "pinned", "message_snapshots", "thread"};

	for (size_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++)
		null_if_absent(arena, message, optional[i]);
	ready_texts(arena, message);
	fragment_attachments(arena, message);
	fragment_reactions(arena, message);
	fragment_poll(arena, message);
	if (view_is_object(view_find(message, "thread")))
		fragment_thread(arena, view_find(message, "thread"));
	ready_times(arena, message);
	ready_reply(arena, message);
	ready_leading(arena, message);
	view_put_flag(arena, message, "is_long", is_long(view_text(message, "content")));
	view_put_flag(arena, message, "is_editable", is_editable(message));
	view_put_flag(arena, message, "is_heavy", false);
	view_put_flag(arena, message, "is_mine", false);
	view_put_flag(arena, message, "is_continued", false);
	fragment_person(arena, message, "author", view_find(message, "author"));
}
