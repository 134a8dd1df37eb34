/* Fragments for open pages. */
#include "live/page.h"

#include "base/id.h"
#include "base/log.h"
#include "live/live.h"
#include "live/sse.h"
#include "text/fragment.h"

#include <string.h>

/* Views name the workspace only where Discord's do; links in a fragment need it. */
static void name_guild(struct arena *arena, struct view *payload, const struct event *event)
{
	char *guild_id = arena_alloc(arena, ID_TEXT_SIZE);
	if (event->guild_id == 0 || !view_is_object(payload) || view_find(payload, "guild_id") != NULL)
		return;
	id_format(event->guild_id, guild_id);
	view_put_text(arena, payload, "guild_id", str_from(guild_id));
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
	name_guild(arena, payload, event);
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
	if (event->channel_id == subscriber->channel_id)
		return true;
	if (strncmp(event->type, "CHANNEL_", strlen("CHANNEL_")) != 0)
		return false;
	/* Without a workspace: direct messages, and what vanished for this person alone. */
	return event->guild_id != 0 ? event->guild_id == subscriber->guild_id
				    : event->user_id == subscriber->viewer->user_id;
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
