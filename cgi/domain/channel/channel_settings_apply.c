/* What somebody wants to hear of a channel they are in. Nobody else is told. */
#include "base/clock.h"
#include "domain/channel/channel_member.h"
#include "domain/event/event.h"

static bool is_given(const struct channel_settings_input *in, const char *field)
{
	return field_is_given(channel_settings_fields, &in->set, field);
}

/* When the mute ends that the input asks for. */
static enum err mute_end(struct apply *apply, const struct channel_settings_input *in, int64_t *until_ms)
{
	*until_ms = in->mute_for_s > 0 ? apply->now_ms + in->mute_for_s * 1000 : CHANNEL_MUTED_FOR_GOOD;
	if (in->muted_until == NULL || clock_parse_iso8601(in->muted_until, until_ms))
		return ERR_OK;
	field_errors_add(&apply->errors, "muted_until", "DATETIME_PARSE", "Not a time of ISO 8601.");
	return ERR_INVALID_FORM;
}

static enum err change(struct apply *apply, const struct channel_settings_input *in, struct channel_member *member)
{
	bool names_end = in->mute_for_s > 0 || in->muted_until != NULL;
	if (is_given(in, "muted") || names_end) {
		member->is_muted = in->muted || (names_end && !is_given(in, "muted"));
		TRY(mute_end(apply, in, &member->muted_until_ms));
	}
	if (is_given(in, "notification_level"))
		member->notification_level = field_is_nulled(channel_settings_fields, &in->set, "notification_level")
						 ? -1
						 : (int)in->notification_level;
	return ERR_OK;
}

static enum err announce(struct apply *apply, const struct channel_member *member)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	channel_settings_to_json(&jw, NULL, member);
	struct event event = {.type = "CHANNEL_SETTINGS_UPDATE",
			      .user_id = apply->actor_id,
			      .payload = payload->p,
			      .payload_n = payload->n};
	return event_append(apply, &event);
}

enum err channel_settings_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct channel_settings_input *in = input;
	struct channel_member member;
	uint64_t bits;
	TRY(perm_of_channel(apply->db, apply->arena, in->channel_id, apply->actor_id, &bits));
	TRY(channel_member_find(apply->db, in->channel_id, apply->actor_id, apply->now_ms, &member));
	TRY(change(apply, in, &member));
	TRY(sql_run(apply->db, QUERY_CHANNEL_MEMBER_SET,
		    SQL_ARGS(sql_id(member.channel_id), sql_id(member.user_id),
			     member.is_muted ? sql_int(member.muted_until_ms) : sql_id(0),
			     member.notification_level >= 0 ? sql_int(member.notification_level) : sql_id(0)),
		    NULL));
	TRY(channel_member_find(apply->db, in->channel_id, apply->actor_id, apply->now_ms, &member));
	TRY(announce(apply, &member));
	channel_settings_to_json(result, "settings", &member);
	return ERR_OK;
}
