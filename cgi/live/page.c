/* Fragments for open pages. */
#include "live/page.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "live/live.h"
#include "live/payload.h"
#include "live/sse.h"
#include "text/fragment.h"
#include "text/note.h"
#include "json/jw.h"

#include <string.h>

enum { FRAGMENT_MAX_BYTES = 256 * 1024 };

/* Links in a fragment begin with the place of its channel: the workspace's id, or @me. */
static void name_place(struct arena *arena, struct view *payload, const struct event *event)
{
	char *place = arena_alloc(arena, ID_TEXT_SIZE);
	if (!view_is_object(payload))
		return;
	if (event->guild_id != 0)
		id_format(event->guild_id, place);
	view_put_text(arena, payload, "place", event->guild_id != 0 ? str_from(place) : STR("@me"));
}

/* Appends the template's HTML as one event of the stream. */
static bool put(struct live *live, const struct event *event, const char *type, const char *name,
		const struct view *payload, struct buf *out)
{
	struct buf html;
	buf_init(&html);
	enum err err = tmpl_render(live->templates, name, payload, TMPL_LENIENT, &html);
	while (html.n > 0 && html.p[html.n - 1] == '\n')
		html.n--;
	if (err == ERR_OK)
		sse_put(out, event->seq, type, html.n > 0 ? html.p : "", html.n);
	buf_free(&html);
	return err == ERR_OK;
}

static bool put_note(struct live *live, const struct event *event, struct str text, struct buf *out)
{
	struct view *payload;
	if (view_parse(&live->arena, text.p, text.n, &payload) != ERR_OK || !view_is_object(payload))
		return false;
	note_ready(&live->arena, event->type, payload);
	return put(live, event, "NOTE", "live/note", payload, out);
}

/* One that cannot be made, or is larger than is worth sending to all, is not missing in silence: the page then asks for
 * what it shows anew. */
static bool put_fragment(struct live *live, const struct event *event, struct str text, struct buf *out)
{
	struct view *payload;
	const char *name;
	size_t before = out->n;
	if (view_parse(&live->arena, text.p, text.n, &payload) != ERR_OK ||
	    !fragment_event(&live->arena, event->type, payload, &name))
		return false;
	name_place(&live->arena, payload, event);
	if (put(live, event, event->type, name, payload, out) && out->n - before <= FRAGMENT_MAX_BYTES)
		return true;
	log_event(LOG_WARN, "fragment_not_sent", log_text("type", event->type), log_number("seq", event->seq));
	out->n = before;
	if (event->seq == 0)
		return false; /* of a signal nothing is missed */
	sse_put_gap(out, event->seq - 1, event->seq);
	return true;
}

/* Of what the page shows it hears the fragment and then the note: what it counts stands in the list by then. */
static bool encode(struct live *live, enum item_form form, const struct event *event, struct buf *out)
{
	struct str text = payload_for_pages(live, event);
	bool has_fragment = false, has_note = false;
	if (live->templates == NULL)
		return false;
	if (form == ITEM_PAGE)
		has_fragment = put_fragment(live, event, text, out);
	if (note_is_of(event->type))
		has_note = put_note(live, event, text, out);
	return has_fragment || has_note;
}

static bool is_whole(const struct subscriber *subscriber, const struct event *event)
{
	return event->channel_id == subscriber->channel_id || fragment_is_change(event->type);
}

static enum item_form form_for(const struct subscriber *subscriber, const struct event *event)
{
	return is_whole(subscriber, event) ? ITEM_PAGE : ITEM_NOTE;
}

/* Of conversations that it does not show a page hears what it needs to keep the counts beside their names. */
static bool wants(const struct subscriber *subscriber, const struct event *event)
{
	return is_whole(subscriber, event) || note_is_of(event->type);
}

/* Scripts do not see comments or lone ids, so the sign of life is an event. It tells the time: what a phone slept
 * through and finds in its line is known by that to be old. */
static void put_beat(const struct subscriber *subscriber, struct buf *out)
{
	struct buf data;
	struct jw jw;
	buf_init(&data);
	jw_init(&jw, &data);
	jw_object(&jw, NULL);
	jw_int(&jw, "time", clock_now_ms());
	jw_object_end(&jw);
	sse_put(out, subscriber->cursor, "beat", data.p, data.n);
	buf_free(&data);
}

static void open_page(struct subscriber *subscriber, const struct live_query *query)
{
	struct buf out;
	buf_init(&out);
	sse_open(subscriber, query);
	put_beat(subscriber, &out);
	connection_send_bytes(subscriber->connection, out.p, out.n);
	buf_free(&out);
}

static void beat(struct subscriber *subscriber)
{
	struct buf out;
	buf_init(&out);
	put_beat(subscriber, &out);
	sse_beat(subscriber, &out);
	buf_free(&out);
}

const struct transport page_transport = {
    .name = "page",
    .content_type = "text/event-stream",
    .size_bytes = sizeof(struct subscriber),
    .form = ITEM_PAGE,
    .form_for = form_for,
    .encode = encode,
    .wants = wants,
    .open = open_page,
    .has_room = sse_has_room,
    .send = sse_send,
    .gap = sse_gap,
    .settle = sse_settle,
    .tick = beat,
    .end = sse_end,
};
