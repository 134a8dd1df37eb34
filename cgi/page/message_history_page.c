/* What a message said before it was edited. */
#include "domain/message/message.h"
#include "page/handlers.h"
#include "page/page.h"
#include "text/fragment.h"

/* An earlier text is shown as the message is, with the names that it has now. */
static void ready_version(struct arena *arena, struct view *version, const struct view *message)
{
	static const char *const shared[] = {"id",
					     "channel_id",
					     "type",
					     "author",
					     "mentions",
					     "mention_user_names",
					     "mention_role_names",
					     "mention_everyone"};

	fragment_moment(arena, version, "since", view_text(version, "timestamp"));
	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++) {
		const struct view *value = view_find(message, shared[i]);
		if (value != NULL)
			view_put(arena, version, shared[i], value);
	}
	fragment_message(arena, version);
}

enum err page_message_history(struct request *request, struct response *response)
{
	const struct request_path *path = &request->path;
	struct message_at at = {path->channel_id, path->message_id, request->caller.user_id};
	struct arena *arena = request->arena;
	struct page page;
	struct view *data, *message, *versions;

	page_begin(&page, request, response);
	page_place(&page);
	jw_id(&page.jw, "channel_id", path->channel_id);
	jw_id(&page.jw, "message_id", path->message_id);
	TRY(page_workspace(&page, path->guild_id, path->channel_id));
	TRY(message_find_to_json(request->db, &page.jw, "message", at, NULL));
	TRY(message_versions_to_json(request->db, &page.jw, "versions", path->message_id));
	TRY(page_data(&page, &data));
	message = view_find(data, "message");
	versions = view_find(data, "versions");
	for (struct view *each = versions->first; each != NULL; each = each->next)
		ready_version(arena, each, message);
	view_reverse(versions);
	fragment_message(arena, message);
	fragment_moment(arena, message, "since", view_text(message, "edited_timestamp"));
	view_put_flag(arena, data, "has_versions", versions->first != NULL);
	struct str permalink = str_from(page_message_path(request, path->message_id));
	view_put_text(arena, view_find(data, "workspace"), "back", permalink);
	return page_finish(&page, "page/message_history");
}
