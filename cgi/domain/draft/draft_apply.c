/* Changes of drafts. */
#include "base/ensure.h"
#include "base/utf8.h"
#include "domain/channel/channel.h"
#include "domain/draft/draft.h"
#include "domain/event/event.h"
#include "domain/message/message.h"
#include "domain/perm.h"

#include <string.h>

/* What is there. */
struct stored {
	int64_t revision;    /* 0: no draft */
	const char *nonce;   /* NULL then */
	const char *content; /* "" then */
};

static enum err find(struct apply *apply, int64_t channel_id, struct stored *out)
{
	struct sql_stmt *stmt;
	*out = (struct stored){.content = ""};
	TRY(sql_start(apply->db, QUERY_DRAFT_FIND, SQL_ARGS(sql_id(apply->actor_id), sql_id(channel_id)), &stmt));
	if (sql_step(stmt)) {
		out->revision = sql_column_int(stmt, 1);
		out->nonce = sql_column_text(stmt, 3, apply->arena);
		out->content = sql_column_text(stmt, 4, apply->arena);
	}
	return sql_finish(stmt);
}

/* For the person alone, and for as long as they see the channel. *revision is what its state is called from here on. */
static enum err announce(struct apply *apply, const struct channel *channel, bool is_deleted, int64_t *revision)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	*revision = *apply->last_seq + 1;
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_id(&jw, "channel_id", channel->id);
	if (channel->guild_id != 0)
		jw_id(&jw, "guild_id", channel->guild_id);
	jw_id(&jw, "revision", *revision);
	jw_time(&jw, "updated_at", apply->now_ms);
	jw_flag(&jw, "is_deleted", is_deleted);
	jw_object_end(&jw);
	struct event event = {.type = "DRAFT_UPDATE",
			      .guild_id = channel->guild_id,
			      .channel_id = channel->id,
			      .user_id = apply->actor_id,
			      .payload = payload->p,
			      .payload_n = payload->n};
	TRY(event_append(apply, &event));
	ensure(event.seq == *revision);
	return ERR_OK;
}

static bool is_blank(const char *content)
{
	size_t n = strlen(content);
	utf8_trim(&content, &n);
	return n == 0;
}

/* Of two who write at once the second is told, unless both have written the same. */
static enum err check_revision(const struct draft_set_input *in, const struct stored *stored, const char *content)
{
	bool is_asked = field_is_given(draft_set_fields, &in->set, "revision");
	bool is_other = in->revision != stored->revision; /* 0 when it was given as null */
	return is_asked && is_other && strcmp(content, stored->content) != 0 ? ERR_DRAFT_CHANGED : ERR_OK;
}

static enum err put(struct apply *apply, const struct channel *channel, const struct draft_set_input *in,
		    const struct stored *stored)
{
	const char *nonce = in->nonce;
	int64_t count, revision;
	TRY(message_check_content(apply, in->content));
	if (stored->revision == 0) {
		TRY(sql_find_int(apply->db, QUERY_DRAFT_COUNT, SQL_ARGS(sql_id(apply->actor_id)), &count));
		if (count >= config_int(apply->config, CONFIG_DRAFTS_MAX))
			return ERR_TOO_MANY_DRAFTS;
	}
	if (stored->revision != 0 && strcmp(stored->content, in->content) == 0 &&
	    (nonce == NULL || strcmp(stored->nonce, nonce) == 0))
		return ERR_OK;
	if (nonce == NULL)
		nonce = arena_printf(apply->arena, "%lld", (long long)id_next(apply->ids, apply->now_ms));
	TRY(announce(apply, channel, false, &revision));
	return sql_run(apply->db, QUERY_DRAFT_PUT,
		       SQL_ARGS(sql_id(apply->actor_id), sql_id(channel->id), sql_int(revision), sql_int(apply->now_ms),
				sql_text(nonce), sql_text(in->content)),
		       NULL);
}

/* Tells it where there was one. channel is NULL for one that its writer need not see. */
static enum err take_away(struct apply *apply, int64_t channel_id, const struct channel *channel)
{
	struct channel found;
	int64_t revision;
	int changes;
	TRY(sql_run(apply->db, QUERY_DRAFT_DELETE, SQL_ARGS(sql_id(apply->actor_id), sql_id(channel_id)), &changes));
	if (changes == 0)
		return ERR_OK;
	if (channel == NULL)
		TRY(channel_find_any(apply->db, apply->arena, channel_id, &found));
	return announce(apply, channel != NULL ? channel : &found, true, &revision);
}

enum err draft_set_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct draft_set_input *in = input;
	bool is_none = is_blank(in->content);
	struct channel channel;
	struct stored stored;
	uint64_t bits;
	TRY(perm_open_channel(apply->db, apply->arena, in->channel_id, apply->actor_id, &channel, &bits));
	if (channel.type == CHANNEL_TYPE_CATEGORY)
		return ERR_CHANNEL_TYPE;
	TRY(find(apply, channel.id, &stored));
	TRY(check_revision(in, &stored, is_none ? "" : in->content));
	TRY(is_none ? take_away(apply, channel.id, &channel) : put(apply, &channel, in, &stored));
	return draft_find_to_json(apply->db, result, "draft", apply->actor_id, channel.id);
}

enum err draft_delete_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct draft_delete_input *in = input;
	(void)result;
	return take_away(apply, in->channel_id, NULL);
}

enum err draft_sent(struct apply *apply, int64_t channel_id, int64_t revision, const char *nonce)
{
	struct channel channel;
	int64_t ignored;
	int changes;
	if (revision == 0 && nonce == NULL)
		return ERR_OK;
	TRY(sql_run(apply->db, QUERY_DRAFT_DELETE_SENT,
		    SQL_ARGS(sql_id(apply->actor_id), sql_id(channel_id), sql_id(revision), sql_text(nonce)),
		    &changes));
	if (changes == 0)
		return ERR_OK;
	TRY(channel_find(apply->db, apply->arena, channel_id, &channel));
	return announce(apply, &channel, true, &ignored);
}

enum err draft_forget_user(struct apply *apply, int64_t user_id)
{
	return sql_run(apply->db, QUERY_DRAFT_DELETE_USER, SQL_ARGS(sql_id(user_id)), NULL);
}
