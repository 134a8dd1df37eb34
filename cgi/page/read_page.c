/* Forms that say how far somebody has read, and whether others are shown it. The script of an open room sends the first
 * of them by itself, and takes no page for it. */
#include "domain/read/read.h"

#include "front/reply.h"
#include "page/handlers.h"
#include "page/page_input.h"
#include "page/settings.h"

const struct field page_read_ack_fields[] = {
    {.name = "last_id", .type = FIELD_ID, .offset = offsetof(struct page_read_ack_input, last_id)}, {0}};

static const char *room_path(struct request *request, const char *rest)
{
	return arena_printf(request->arena, "%s%s",
			    page_channel_path(request, request->path.guild_id, request->path.channel_id), rest);
}

static enum err submit_at(struct request *request, enum op op, int64_t message_id)
{
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	if (message_id != 0)
		jw_id(&input.jw, "message_id", message_id);
	if (op == OP_read_ack)
		jw_flag(&input.jw, "manual", false);
	return page_input_submit(&input, op, &reply);
}

/* Up to the last message that was seen, or with none named all of it. */
enum err page_read_ack(struct request *request, struct response *response)
{
	const struct page_read_ack_input *input = request->input;

	TRY(submit_at(request, input->last_id != 0 ? OP_read_ack : OP_read_ack_channel, input->last_id));
	if (page_wants_fragment(request))
		reply_nothing(response);
	else
		reply_redirect(response, room_path(request, ""));
	return ERR_OK;
}

/* The room is opened at what is unread then, and its script leaves it so. */
enum err page_read_unread(struct request *request, struct response *response)
{
	TRY(submit_at(request, OP_read_unread, request->path.message_id));
	reply_redirect(response, room_path(request, "?unread=kept#unread"));
	return ERR_OK;
}

enum err page_read_ack_guild(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_read_ack_guild, &reply));
	reply_redirect(response, page_channel_path(request, request->path.guild_id, 0));
	return ERR_OK;
}

/* A box that is not ticked is not sent. */
enum err page_read_receipts(struct request *request, struct response *response)
{
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	page_input_flag(&input, "read_receipts");
	TRY(page_input_submit(&input, OP_read_receipts, &reply));
	page_done(request, response, "/account", PAGE_DONE_SAVED);
	return ERR_OK;
}
