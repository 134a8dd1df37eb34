/* Whom somebody has blocked. */
#include "domain/block/block.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/settings.h"
#include "text/fragment.h"

enum err page_blocks_show(struct request *request, struct response *response)
{
	struct page page;
	struct view *data, *blocks;

	page_begin(&page, request, response);
	page_csrf(&page);
	TRY(page_settings(&page, PAGE_AT_BLOCKS));
	TRY(block_list_to_json(request->db, request->arena, &page.jw, "blocks", request->caller.user_id));
	TRY(page_data(&page, &data));
	blocks = view_find(data, "blocks");
	for (struct view *block = blocks->first; block != NULL; block = block->next) {
		fragment_user(request->arena, view_find(block, "user"));
		fragment_date(request->arena, block, "since", view_text(block, "created_at"));
	}
	view_put_flag(request->arena, data, "has_blocks", blocks->first != NULL);
	return page_finish(&page, "page/account_blocks");
}

static enum err change(struct request *request, struct response *response, enum op op, enum page_done done)
{
	struct op_reply reply;

	TRY(front_submit(request, op, &reply));
	page_done(request, response, "/account/blocks", done);
	return ERR_OK;
}

enum err page_block(struct request *request, struct response *response)
{
	return change(request, response, OP_block_create, PAGE_DONE_BLOCKED);
}

enum err page_unblock(struct request *request, struct response *response)
{
	return change(request, response, OP_block_delete, PAGE_DONE_UNBLOCKED);
}
