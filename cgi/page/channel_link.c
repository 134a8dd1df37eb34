#include "page/channel_link.h"

#include "domain/channel/channel.h"
#include "page/sidebar.h"

enum err channel_link_put(struct request *request, struct view *object, int64_t channel_id)
{
	struct arena *arena = request->arena;
	struct buf *text = buf_in_arena(arena);
	struct channel channel;
	struct view *view;
	struct jw jw;
	uint64_t bits;
	enum err e = perm_open_channel(request->db, arena, channel_id, request->caller.user_id, &channel, &bits);

	view_put_null(arena, object, "channel");
	if (e == ERR_UNKNOWN_CHANNEL)
		return ERR_OK;
	TRY(e);
	jw_init(&jw, text);
	TRY(channel_view_to_json(request->db, arena, &jw, NULL, &channel, request->caller.user_id));
	TRY(view_parse(arena, text->p, text->n, &view));
	if (channel_is_direct(&channel))
		sidebar_ready_direct(arena, view);
	else
		view_put_null(arena, view, "label");
	view_put_flag(arena, view, "is_thread", channel_is_thread(&channel));
	view_put_text(arena, view, "path", str_from(page_channel_path(request, channel.guild_id, channel.id)));
	view_put(arena, object, "channel", view);
	return ERR_OK;
}
