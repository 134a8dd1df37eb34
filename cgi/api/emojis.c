/* The emoji of a workspace. That the caller is a member was checked when the route was loaded. */
#include "api/api.h"
#include "domain/emoji/emoji.h"
#include "domain/perm.h"
#include "front/emoji_form.h"
#include "front/reply.h"

/* Who made one is for those to know who may make or manage them, as in Discord. */
static bool sees_makers(const struct request *request)
{
	return (request->permissions & (PERM_CREATE_EXPRESSIONS | PERM_MANAGE_EXPRESSIONS)) != 0;
}

enum err api_emoji_list(struct request *request, struct response *response)
{
	struct jw jw;

	reply_json(response, 200, &jw);
	return emoji_list_to_json(request->db, request->arena, &jw, NULL, request->path.guild_id, sees_makers(request));
}

enum err api_emoji(struct request *request, struct response *response)
{
	struct emoji emoji;
	struct jw jw;

	TRY(emoji_find_by_id(request->db, request->arena, request->path.emoji_id, &emoji));
	if (emoji.guild_id != request->path.guild_id)
		return ERR_UNKNOWN_EMOJI;
	reply_json(response, 200, &jw);
	return emoji_to_json(request->db, request->arena, &jw, NULL, &emoji, sees_makers(request));
}

enum err api_emoji_create(struct request *request, struct response *response)
{
	struct op_reply reply;
	struct str emoji;
	struct jw jw;

	TRY(emoji_form_send(request, request->input, &reply));
	emoji = op_reply_member(&reply, request->arena, "emoji");
	reply_json(response, 201, &jw);
	jw_raw(&jw, NULL, emoji.p, emoji.n);
	return ERR_OK;
}
