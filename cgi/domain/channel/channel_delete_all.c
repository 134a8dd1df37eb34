/* The channels of a workspace that goes. Their messages are out of reach from here on; channel_purge takes them from
 * the disk a few at a time. */
#include "domain/channel/channel.h"
#include "domain/event/event.h"
#include "domain/thread/thread.h"

static enum err announce_group(struct apply *apply, int64_t group_id)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_id(&jw, "id", group_id);
	jw_int(&jw, "type", CHANNEL_TYPE_GROUP);
	jw_object_end(&jw);
	struct event event = {
	    .type = "CHANNEL_DELETE", .channel_id = group_id, .payload = payload->p, .payload_n = payload->n};
	return event_append_to_each(apply, &event);
}

enum err channel_delete_all(struct apply *apply, int64_t guild_id)
{
	int64_t group_id = 0;
	for (;;) {
		TRY(sql_find_int(apply->db, QUERY_CHANNEL_NEXT_GROUP_OF, SQL_ARGS(sql_id(guild_id), sql_int(group_id)),
				 &group_id));
		if (group_id == 0)
			break;
		TRY(announce_group(apply, group_id));
		TRY(sql_run(apply->db, QUERY_CHANNEL_MARK_DELETED, SQL_ARGS(sql_id(group_id), sql_int(apply->now_ms)),
			    NULL));
	}
	TRY(thread_delete_all(apply, guild_id));
	return sql_run(apply->db, QUERY_CHANNEL_MARK_ALL_DELETED, SQL_ARGS(sql_id(guild_id), sql_int(apply->now_ms)),
		       NULL);
}
