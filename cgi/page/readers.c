/* See readers.h. */
#include "page/readers.h"

#include "domain/read/read.h"
#include "text/fragment.h"

enum err page_readers_write(struct page *page, bool *is_joined)
{
	struct request *request = page->request;
	const struct request_path *path = &request->path;
	struct buf *text = buf_in_arena(request->arena);
	enum err e = ERR_RECEIPTS_OFF;
	struct jw jw;

	jw_init(&jw, text);
	jw_object(&jw, NULL);
	if (config_flag(&request->app->config, CONFIG_READ_RECEIPTS))
		e = read_readers_to_json(request->db, request->arena, &jw, path->channel_id, path->message_id,
					 request->caller.user_id);
	jw_object_end(&jw);
	if (e != ERR_RECEIPTS_OFF && e != ERR_MISSING_ACCESS)
		TRY(e);
	if (e == ERR_OK)
		jw_raw(&page->jw, "readers", text->p, text->n);
	else
		jw_null(&page->jw, "readers");
	return read_is_in(request->db, request->caller.user_id, path->channel_id, is_joined);
}

void page_readers_ready(struct arena *arena, struct view *data)
{
	struct view *readers = view_find(data, "readers"), *users = view_find(readers, "users");

	if (!view_is_object(readers))
		return;
	bool is_named = users != NULL && users->type == VIEW_LIST;
	for (struct view *each = is_named ? users->first : NULL; each; each = each->next)
		fragment_user(arena, each);
	view_put_flag(arena, readers, "is_named", is_named && users->first != NULL);
	view_put_flag(arena, readers, "is_one", view_int(readers, "count") == 1);
}
