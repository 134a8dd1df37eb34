/* The page that tells a person of an error. It needs neither the database nor a session: those may be what failed. */
#include "front/reply.h"
#include "page/page.h"
#include "page/routes.h"

void page_error(struct request *request, struct response *response, enum err why)
{
	/* The form that it was typed into may be gone by now, and going back would not bring it back. */
	const char *typed = form_find(&request->form, "content");
	struct page page;

	page_begin(&page, request, response);
	jw_null(&page.jw, "workspace");
	page_problem(&page, why);
	jw_text(&page.jw, "unsent", typed != NULL ? typed : "");
	if (page_finish(&page, "page/error") != ERR_OK)
		reply_clear(response); /* the pipeline then says it in plain text */
}
