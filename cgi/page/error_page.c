/* The page that tells a person of an error. It needs neither the database nor a session: those may be what failed. */
#include "front/reply.h"
#include "front/unsent.h"
#include "http/percent.h"
#include "page/page.h"
#include "page/routes.h"

/* Back to the room that the form stood in. */
static const char *login_path(struct request *request)
{
	const struct request_path *path = &request->path;
	struct buf *login = buf_in_arena(request->arena);

	buf_puts(login, "/login");
	if (path->channel_id != 0) {
		buf_puts(login, "?next=");
		percent_encode(login, str_from(page_channel_path(request, path->guild_id, path->channel_id)));
	}
	return login->p;
}

void page_error(struct request *request, struct response *response, enum err why)
{
	struct page page;

	page_begin(&page, request, response);
	jw_null(&page.jw, "workspace");
	page_problem(&page, why);
	jw_text(&page.jw, "unsent", unsent_text(request));
	if (why == ERR_UNAUTHORIZED)
		jw_text(&page.jw, "login", login_path(request));
	else
		jw_null(&page.jw, "login");
	if (page_finish(&page, "page/error") != ERR_OK)
		reply_clear(response); /* the pipeline then says it in plain text */
}
