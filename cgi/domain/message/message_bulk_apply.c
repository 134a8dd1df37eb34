/* Deleting many messages of a channel at once. All that is refused is refused before the first is taken. */
#include "base/id.h"
#include "domain/audit/audit.h"
#include "domain/event/event.h"
#include "domain/message/message_change.h"
#include "domain/message/message_json.h"
#include "domain/perm.h"

#include <stdio.h>

#define AGE_MAX_MS (INT64_C(24) * 3600 * 1000 * MESSAGE_BULK_AGE_DAYS)

/* Those that were asked for, each once. */
struct bulk {
	const struct channel *channel;
	int64_t ids[MESSAGE_BULK_MAX], parts[MESSAGE_BULK_MAX];
	int count;
};

static bool is_in(const struct bulk *bulk, int64_t id)
{
	for (int i = 0; i < bulk->count; i++) {
		if (bulk->ids[i] == id)
			return true;
	}
	return false;
}

static enum err read_ids(struct apply *apply, const json_t *list, struct bulk *bulk)
{
	const json_t *each;
	size_t i;
	if (!json_is_array(list)) {
		field_errors_add(&apply->errors, "messages", "LIST_TYPE_CONVERT", "Only a list can be taken here.");
		return ERR_INVALID_FORM;
	}
	if (json_array_size(list) < MESSAGE_BULK_MIN || json_array_size(list) > MESSAGE_BULK_MAX)
		return ERR_BULK_DELETE_COUNT;
	json_array_foreach(list, i, each)
	{
		int64_t id = json_id_of(each);
		if (id <= 0) {
			field_errors_add(&apply->errors, arena_printf(apply->arena, "messages.%zu", i),
					 "NUMBER_TYPE_COERCE", "Value is not a snowflake.");
			return ERR_INVALID_FORM;
		}
		if (id_created_at_ms(id) < apply->now_ms - AGE_MAX_MS)
			return ERR_BULK_DELETE_TOO_OLD;
		if (!is_in(bulk, id))
			bulk->ids[bulk->count++] = id;
	}
	return ERR_OK;
}

/* Leaves those that are there. */
static enum err find_all(struct apply *apply, struct bulk *bulk)
{
	int kept = 0;
	for (int i = 0; i < bulk->count; i++) {
		struct sql_stmt *stmt;
		TRY(sql_start(apply->db, QUERY_MESSAGE_FIND, SQL_ARGS(sql_id(bulk->ids[i]), sql_id(bulk->channel->id)),
			      &stmt));
		if (sql_step(stmt)) {
			bulk->ids[kept] = bulk->ids[i];
			bulk->parts[kept++] = sql_column_int(stmt, MESSAGE_COLUMN_PARTS);
		}
		TRY(sql_finish(stmt));
	}
	bulk->count = kept;
	return ERR_OK;
}

static enum err announce(struct apply *apply, const struct bulk *bulk)
{
	struct buf *payload = buf_in_arena(apply->arena);
	struct jw jw;
	jw_init(&jw, payload);
	jw_object(&jw, NULL);
	jw_array(&jw, "ids");
	for (int i = 0; i < bulk->count; i++)
		jw_id(&jw, NULL, bulk->ids[i]);
	jw_array_end(&jw);
	jw_id(&jw, "channel_id", bulk->channel->id);
	jw_id(&jw, "guild_id", bulk->channel->guild_id);
	jw_object_end(&jw);
	struct event event = {.type = "MESSAGE_DELETE_BULK",
			      .guild_id = bulk->channel->guild_id,
			      .channel_id = bulk->channel->id,
			      .payload = payload->p,
			      .payload_n = payload->n};
	return event_append(apply, &event);
}

static enum err audit(struct apply *apply, const struct bulk *bulk)
{
	struct buf *options = buf_in_arena(apply->arena);
	struct jw jw;
	char count[16];
	(void)snprintf(count, sizeof(count), "%d", bulk->count);
	jw_init(&jw, options);
	jw_object(&jw, NULL);
	jw_text(&jw, "count", count);
	jw_object_end(&jw);
	const struct audit_entry entry = {.guild_id = bulk->channel->guild_id,
					  .action = AUDIT_MESSAGE_BULK_DELETE,
					  .target_id = bulk->channel->id,
					  .channel_id = bulk->channel->id,
					  .options = options->p};
	return audit_append(apply, &entry);
}

enum err message_bulk_delete_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct message_bulk_delete_input *in = input;
	struct bulk *bulk = arena_alloc(apply->arena, sizeof(*bulk));
	struct channel channel;
	uint64_t bits;
	(void)result;
	TRY(perm_open_channel(apply->db, apply->arena, in->channel_id, apply->actor_id, &channel, &bits));
	if (channel_is_direct(&channel))
		return ERR_CHANNEL_TYPE;
	if (!perm_has(bits, PERM_MANAGE_MESSAGES))
		return ERR_MISSING_PERMISSIONS;
	bulk->channel = &channel;
	bulk->count = 0;
	TRY(read_ids(apply, in->messages, bulk));
	TRY(find_all(apply, bulk));
	if (bulk->count == 0)
		return ERR_OK;
	for (int i = 0; i < bulk->count; i++)
		TRY(message_take(apply, &channel, bulk->ids[i], bulk->parts[i]));
	TRY(announce(apply, bulk));
	return audit(apply, bulk);
}
