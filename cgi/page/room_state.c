/* See room_state.h. */
#include "page/room_state.h"

#include "domain/channel/channel_direct.h"
#include "domain/channel/channel_member.h"
#include "domain/file/file.h"
#include "domain/member/member.h"
#include "domain/perm.h"
#include "page/sidebar.h"
#include "text/fragment.h"

/* Why nothing can be written: one of these at most. */
struct closed {
	bool is_archived, is_timed_out, is_cut_off, is_read_only;
	int64_t until_ms; /* of a time-out */
};

/* When the person's time-out ends; 0 when there is none. */
static enum err time_out_of(struct request *request, const struct channel *channel, int64_t *until_ms)
{
	struct member member;

	*until_ms = 0;
	if (channel->guild_id == 0)
		return ERR_OK;
	TRY(member_find(request->db, request->arena, channel->guild_id, request->caller.user_id, &member));
	*until_ms = member.timeout_until_ms > request->now_ms ? member.timeout_until_ms : 0;
	return ERR_OK;
}

/* A message opens a thread that is archived, but not one whose channel is. */
static enum err is_archived(struct request *request, const struct channel *channel, bool *answer)
{
	struct channel parent;

	*answer = channel->archived_at_ms != 0;
	if (!channel_is_thread(channel))
		return ERR_OK;
	TRY(channel_find(request->db, request->arena, channel->parent_id, &parent));
	*answer = parent.archived_at_ms != 0;
	return ERR_OK;
}

static enum err why_closed(struct request *request, const struct channel *channel, struct closed *out)
{
	*out = (struct closed){0};
	TRY(is_archived(request, channel, &out->is_archived));
	if (out->is_archived)
		return ERR_OK;
	if (channel->type == CHANNEL_TYPE_DM) {
		bool is_open;
		TRY(channel_direct_is_open(request->db, channel->id, request->caller.user_id, &is_open));
		out->is_cut_off = !is_open;
	}
	if (out->is_cut_off || perm_has(request->permissions, PERM_SEND_MESSAGES))
		return ERR_OK;
	TRY(time_out_of(request, channel, &out->until_ms));
	out->is_timed_out = out->until_ms != 0;
	out->is_read_only = !out->is_timed_out;
	return ERR_OK;
}

/* Adds slow_mode {seconds, minutes, hours}, one of which is not 0; null where everybody writes as they like, or this
 * person does. */
static void write_slow_mode(struct page *page, const struct channel *channel, bool is_closed)
{
	int64_t seconds = channel->slow_mode_s;
	uint64_t above = PERM_MANAGE_MESSAGES | PERM_MANAGE_CHANNELS | PERM_BYPASS_SLOW_MODE;

	if (channel_is_thread(channel))
		above |= PERM_MANAGE_THREADS;
	if (seconds == 0 || is_closed || (page->request->permissions & above) != 0) {
		jw_null(&page->jw, "slow_mode");
		return;
	}
	bool is_hours = seconds % 3600 == 0, is_minutes = !is_hours && seconds % 60 == 0;
	jw_object(&page->jw, "slow_mode");
	jw_int(&page->jw, "seconds", is_hours || is_minutes ? 0 : seconds);
	jw_int(&page->jw, "minutes", is_minutes ? seconds / 60 : 0);
	jw_int(&page->jw, "hours", is_hours ? seconds / 3600 : 0);
	jw_object_end(&page->jw);
}

/* What the composer takes, for its script to say so before anything is sent. */
static void write_composer(struct page *page)
{
	const struct request *request = page->request;
	const struct config *config = &request->app->config;
	int64_t file_max_mb = config_int(config, CONFIG_FILE_MAX_MB);
	bool can_attach = perm_has(request->permissions, PERM_ATTACH_FILES);

	jw_object(&page->jw, "composer");
	jw_int(&page->jw, "max_chars", config_int(config, CONFIG_MESSAGE_MAX_CHARS));
	jw_int(&page->jw, "max_files", FILES_PER_MESSAGE_MAX);
	jw_int(&page->jw, "max_mb", file_max_mb);
	jw_int(&page->jw, "max_bytes", file_max_mb * 1024 * 1024);
	jw_flag(&page->jw, "can_attach", can_attach);
	jw_flag(&page->jw, "can_poll", perm_has(request->permissions, PERM_SEND_POLLS));
	jw_flag(&page->jw, "can_voice", can_attach && perm_has(request->permissions, PERM_SEND_VOICE_MESSAGES));
	jw_object_end(&page->jw);
}

enum err room_state_write(struct page *page, const struct channel *channel)
{
	struct request *request = page->request;
	struct jw *jw = &page->jw;
	struct channel_member own;
	struct closed closed;
	int64_t count;

	enum err e = channel_member_find(request->db, channel->id, request->caller.user_id, request->now_ms, &own);
	bool is_joined = e == ERR_OK;
	if (e != ERR_UNKNOWN_MEMBER)
		TRY(e);
	TRY(channel_member_count(request->db, channel->id, &count));
	TRY(why_closed(request, channel, &closed));
	bool is_closed = closed.is_archived || closed.is_timed_out || closed.is_cut_off || closed.is_read_only;

	TRY(channel_view_to_json(request->db, request->arena, jw, "channel", channel, request->caller.user_id));
	jw_flag(jw, "can_send", !is_closed);
	jw_flag(jw, "can_moderate", perm_has(request->permissions, PERM_MANAGE_MESSAGES));
	jw_object(jw, "room");
	jw_int(jw, "member_count", count);
	jw_flag(jw, "is_direct", channel_is_direct(channel));
	jw_flag(jw, "is_muted", is_joined && own.is_muted);
	jw_flag(jw, "may_join",
		!is_joined && !channel_is_private(channel) && !channel_is_thread(channel) && !closed.is_archived);
	jw_flag(jw, "is_archived", closed.is_archived);
	jw_flag(jw, "is_timed_out", closed.is_timed_out);
	jw_time(jw, "timed_out_until", closed.until_ms);
	jw_flag(jw, "is_cut_off", closed.is_cut_off);
	jw_flag(jw, "is_read_only", closed.is_read_only);
	write_slow_mode(page, channel, is_closed);
	jw_object_end(jw);
	write_composer(page);
	return ERR_OK;
}

void room_state_ready(struct request *request, struct view *data)
{
	struct view *channel = view_find(data, "channel");
	struct view *room = view_find(data, "room");

	fragment_moment(request->arena, room, "timeout", view_text(room, "timed_out_until"));
	if (view_find(channel, "recipients") != NULL) {
		sidebar_ready_direct(request->arena, channel);
		view_put_null(request->arena, channel, "topic");
		view_put_flag(request->arena, channel, "private", true);
		view_put(request->arena, channel, "name", view_find(channel, "label"));
	} else {
		view_put_null(request->arena, channel, "label");
	}
}
