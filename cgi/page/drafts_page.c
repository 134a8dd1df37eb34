/* What its reader writes and has not sent: the draft of one conversation, saved by a form or by the script of an open
 * room, and the list of all of them. */
#include "base/utf8.h"
#include "domain/draft/draft.h"
#include "front/reply.h"
#include "page/channel_link.h"
#include "page/handlers.h"
#include "page/page_input.h"
#include "page/settings.h"
#include "text/fragment.h"
#include "tmpl/tmpl.h"

enum { PREVIEW_CHARS = 280 };

static enum err to_room(struct request *request, struct response *response)
{
	reply_redirect(response, page_channel_path(request, request->path.guild_id, request->path.channel_id));
	return ERR_OK;
}

/* For the script of an open room. */
static enum err reply_fragment(struct request *request, struct response *response, int status, struct str text)
{
	struct view *draft;

	TRY(view_parse(request->arena, text.p, text.n, &draft));
	reply_page(response, status);
	return tmpl_render(request->app->templates, "part/draft", draft, TMPL_LENIENT, response->body);
}

/* As it is now. */
static enum err reply_draft(struct request *request, struct response *response, int status)
{
	struct buf *text = buf_in_arena(request->arena);
	struct jw jw;

	TRY(page_read_again(request));
	jw_init(&jw, text);
	TRY(draft_find_to_json(request->db, &jw, NULL, request->caller.user_id, request->path.channel_id));
	return reply_fragment(request, response, status, (struct str){text->p, text->n});
}

enum err page_draft_show(struct request *request, struct response *response)
{
	return page_wants_fragment(request) ? reply_draft(request, response, 200) : to_room(request, response);
}

/* The composer's own form names the draft that it shows as draft_revision; "" is none. The script is told what was
 * saved, which may not be what is there by now: that it is to hear of, and not to take for its own. */
enum err page_draft_save(struct request *request, struct response *response)
{
	const char *seen = form_find(&request->form, "draft_revision");
	struct page_input input;
	struct op_reply reply;

	page_input_begin(&input, request);
	page_input_text(&input, "content");
	page_input_text(&input, "nonce");
	if (seen != NULL)
		jw_text(&input.jw, "revision", seen[0] != '\0' ? seen : NULL);
	TRY(page_input_submit(&input, OP_draft_set, &reply));
	if (!page_wants_fragment(request))
		return to_room(request, response);
	return reply_fragment(request, response, 200, op_reply_member(&reply, request->arena, "draft"));
}

/* Of a draft that another device has changed the script gets that, to make one text of both. */
void page_draft_refused(struct request *request, struct response *response, enum err why)
{
	bool is_for_script = page_wants_fragment(request) && why == ERR_DRAFT_CHANGED;

	if (is_for_script && reply_draft(request, response, err_info(why)->status) == ERR_OK)
		return;
	reply_clear(response);
	page_channel_refused(request, response, why);
}

static void put_preview(struct arena *arena, struct view *draft)
{
	struct str content = view_text(draft, "content");
	size_t n = 0;
	uint32_t code_point;

	for (int i = 0; i < PREVIEW_CHARS && n < content.n; i++)
		n += utf8_decode(content.p + n, content.n - n, &code_point);
	view_put_text(arena, draft, "preview", (struct str){content.p, n});
	view_put_flag(arena, draft, "is_cut", n < content.n);
}

enum err page_drafts_show(struct request *request, struct response *response)
{
	struct page page;
	struct view *data, *drafts;

	page_begin(&page, request, response);
	page_csrf(&page);
	TRY(page_settings(&page, PAGE_AT_DRAFTS));
	TRY(draft_list_to_json(request->db, request->arena, &page.jw, "drafts", request->caller.user_id));
	TRY(page_data(&page, &data));
	drafts = view_find(data, "drafts");
	for (struct view *each = drafts->first; each != NULL; each = each->next) {
		TRY(channel_link_put(request, each, view_id(each, "channel_id")));
		fragment_moment(request->arena, each, "moment", view_text(each, "updated_at"));
		put_preview(request->arena, each);
	}
	view_put_flag(request->arena, data, "has_drafts", drafts->first != NULL);
	return page_finish(&page, "page/drafts");
}

enum err page_draft_discard(struct request *request, struct response *response)
{
	struct op_reply reply;

	TRY(front_submit(request, OP_draft_delete, &reply));
	page_done(request, response, "/drafts", PAGE_DONE_DELETED);
	return ERR_OK;
}
