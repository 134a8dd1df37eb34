/* Who reacted to a message, and who voted in its poll. That the caller may read the channel was checked when the route
 * was loaded. */
#include "api/api.h"
#include "domain/poll/poll.h"
#include "domain/reaction/reaction.h"
#include "front/reply.h"

/* Discord's `type` of burst reactions, of which there are none here: nobody reacted so. */
enum { REACTION_TYPE_BURST = 1 };

const struct field api_reaction_users_fields[] = {
    {.name = "limit",
     .type = FIELD_INT,
     .min = 1,
     .max = REACTION_PAGE_MAX,
     .offset = offsetof(struct api_reaction_users_input, limit)},
    {.name = "after", .type = FIELD_INT, .max = INT64_MAX, .offset = offsetof(struct api_reaction_users_input, after)},
    {.name = "type",
     .type = FIELD_INT,
     .max = REACTION_TYPE_BURST,
     .offset = offsetof(struct api_reaction_users_input, type)},
    {0}};

static enum err require_message(struct request *request)
{
	int64_t author_id;

	TRY(sql_find_int(request->db, QUERY_MESSAGE_AUTHOR,
			 SQL_ARGS(sql_id(request->path.message_id), sql_id(request->path.channel_id)), &author_id));
	return author_id != 0 ? ERR_OK : ERR_UNKNOWN_MESSAGE;
}

enum err api_reaction_users(struct request *request, struct response *response)
{
	const struct api_reaction_users_input *in = request->input;
	struct reaction_page page = {
	    .emoji = request->path.emoji,
	    .after = in->after,
	    .limit = in->limit != 0 ? (int)in->limit : REACTION_PAGE_INITIAL,
	};
	struct jw jw;

	if (in->type == REACTION_TYPE_BURST)
		page.limit = 0;
	TRY(require_message(request));
	reply_json(response, 200, &jw);
	return reaction_users_to_json(request->db, request->arena, &jw, NULL, request->path.message_id, &page);
}

enum err api_poll_voters(struct request *request, struct response *response)
{
	const struct api_reaction_users_input *in = request->input;
	const struct poll_page page = {
	    .answer_id = request->path.answer_id,
	    .after = in->after,
	    .limit = in->limit != 0 ? (int)in->limit : POLL_PAGE_INITIAL,
	};
	struct jw jw;

	TRY(require_message(request));
	reply_json(response, 200, &jw);
	jw_object(&jw, NULL);
	TRY(poll_voters_to_json(request->db, &jw, "users", request->path.message_id, &page));
	jw_object_end(&jw);
	return ERR_OK;
}
