/* Where a person lands: in a channel of the workspace they saw last, at the log-in, or before any account at set-up. */
#include "domain/channel/channel_sidebar.h"
#include "domain/user/user.h"
#include "front/reply.h"
#include "page/handlers.h"
#include "page/page.h"
#include "page/sidebar.h"

/* guild_id 0: there is none, and then it is a direct message, if there is one. */
static enum err go_to_guild(struct request *request, struct response *response, int64_t guild_id)
{
	int64_t channel_id = 0;

	if (guild_id != 0)
		TRY(channel_first_to_open(request->db, request->arena, guild_id, request->caller.user_id, &channel_id));
	else
		TRY(channel_last_direct(request->db, request->caller.user_id, &channel_id));
	if (channel_id != 0) {
		reply_redirect(response, page_channel_path(request, guild_id, channel_id));
		return ERR_OK;
	}
	struct page page;
	page_begin(&page, request, response);
	page_csrf(&page);
	jw_null(&page.jw, "workspace");
	return page_finish(&page, "page/no_workspace");
}

enum err page_guild(struct request *request, struct response *response)
{
	return go_to_guild(request, response, request->path.guild_id);
}

enum err page_home(struct request *request, struct response *response)
{
	int64_t guild_id;
	bool exists;

	if (request->caller.user_id == 0) {
		TRY(user_exists_any(request->db, &exists));
		reply_redirect(response, exists ? "/login" : "/setup");
		return ERR_OK;
	}
	TRY(sidebar_last_guild(request, &guild_id));
	return go_to_guild(request, response, guild_id);
}
