/* Making a channel. */
#include "domain/channel/channel.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/settings.h"

static const struct page_field fields[] = {{"name", false}, {"topic", false}, {NULL, false}};
static const struct page_blame blames[] = {{ERR_CHANNEL_NAME_TAKEN, "name"}, {ERR_OK, NULL}};
static const struct page_form form = {fields, blames};

static enum err render(struct request *request, struct response *response, enum err why)
{
	struct page page;

	TRY(page_read_again(request));
	page_begin(&page, request, response);
	page_csrf(&page);
	jw_id(&page.jw, "guild_id", request->path.guild_id);
	TRY(page_settings(&page, PAGE_AT_CHANNELS));
	TRY(page_form(&page, &form, why));
	return page_finish(&page, "page/channel_new");
}

enum err page_channel_new_show(struct request *request, struct response *response)
{
	return render(request, response, ERR_OK);
}

enum err page_channel_new(struct request *request, struct response *response)
{
	struct op_reply reply;
	struct str member;
	struct view *channel;

	TRY(front_submit(request, OP_channel_create, &reply));
	member = op_reply_member(&reply, request->arena, "channel");
	TRY(view_parse(request->arena, member.p, member.n, &channel));
	reply_redirect(response, page_channel_path(request, request->path.guild_id, view_id(channel, "id")));
	return ERR_OK;
}

void page_channel_new_refused(struct request *request, struct response *response, enum err why)
{
	if (render(request, response, why) != ERR_OK)
		reply_clear(response);
}
