/* Fragments for open pages. */
#include "live/page.h"

#include "base/id.h"
#include "base/log.h"
#include "live/live.h"
#include "live/sse.h"
#include "text/fragment.h"

#include <string.h>

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

static bool encode(struct live *live, const struct event *event, struct buf *out)
{
	struct arena *arena = &live->arena;
	struct view *payload;
	const char *name;
	struct buf html;
	if (live->templates == NULL || view_parse(arena, event->payload, event->payload_n, &payload) != ERR_OK)
		return false;
	if (!fragment_event(arena, event->type, payload, &name))
		return false;
	name_place(arena, payload, event);
	buf_init(&html);
	enum err err = tmpl_render(live->templates, name, payload, TMPL_LENIENT, &html);
	while (html.n > 0 && html.p[html.n - 1] == '\n')
		html.n--;
	if (err == ERR_OK)
		sse_put(out, event->seq, event->type, html.n > 0 ? html.p : "", html.n);
	buf_free(&html);
	return err == ERR_OK;
}

static bool wants(const struct subscriber *subscriber, const struct event *event)
{
	return event->channel_id == subscriber->channel_id || fragment_is_change(event->type);
}

/* Scripts do not see comments or lone ids, so the sign of life is an event. */
static void beat(struct subscriber *subscriber)
{
	struct buf out;
	buf_init(&out);
	sse_put(&out, subscriber->cursor, "beat", "{}", 2);
	sse_beat(subscriber, &out);
	buf_free(&out);
}

const struct transport page_transport = {
    .name = "page",
    .content_type = "text/event-stream",
    .size_bytes = sizeof(struct subscriber),
    .form = ITEM_PAGE,
    .encode = encode,
    .wants = wants,
    .open = sse_open,
    .has_room = sse_has_room,
    .send = sse_send,
    .gap = sse_gap,
    .settle = sse_settle,
    .tick = beat,
    .end = sse_end,
};
