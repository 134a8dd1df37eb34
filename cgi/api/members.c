/* Members, whom everybody in their workspace may see. Changes are one op each. */
#include "api/api.h"
#include "domain/member/member.h"
#include "front/reply.h"
#include "json/view.h"

enum { MEMBERS_PAGE_INITIAL = 100 };

const struct field api_member_list_fields[] = {
    /* 0 stands before all: discord.py walks a workspace from its beginning so. */
    {.name = "after", .type = FIELD_INT, .max = INT64_MAX, .offset = offsetof(struct api_member_list_input, after)},
    {.name = "limit",
     .type = FIELD_INT,
     .min = 1,
     .max = MEMBERS_PAGE_MAX,
     .offset = offsetof(struct api_member_list_input, limit)},
    {0}};

const struct field api_member_search_fields[] = {
    {.name = "query",
     .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED | FIELD_TRIM,
     .min = 1,
     .max = MEMBER_QUERY_MAX,
     .offset = offsetof(struct api_member_search_input, query)},
    {.name = "after", .type = FIELD_INT, .max = INT64_MAX, .offset = offsetof(struct api_member_search_input, after)},
    {.name = "limit",
     .type = FIELD_INT,
     .min = 1,
     .max = MEMBERS_PAGE_MAX,
     .offset = offsetof(struct api_member_search_input, limit)},
    {0}};

static enum err reply_members(struct request *request, struct response *response, const char *query, int64_t after,
			      int64_t limit)
{
	const struct member_page page = {
	    .after = after, .limit = limit != 0 ? (int)limit : MEMBERS_PAGE_INITIAL, .query = query};
	struct jw jw;

	reply_json(response, 200, &jw);
	return member_list_to_json(request->db, request->arena, &jw, NULL, request->path.guild_id, &page);
}

enum err api_member_list(struct request *request, struct response *response)
{
	const struct api_member_list_input *input = request->input;

	return reply_members(request, response, NULL, input->after, input->limit);
}

enum err api_member_search(struct request *request, struct response *response)
{
	const struct api_member_search_input *input = request->input;

	return reply_members(request, response, input->query, input->after, input->limit);
}

static enum err reply_member(struct request *request, struct response *response, int64_t user_id)
{
	struct member member;
	struct jw jw;

	TRY(member_find(request->db, request->arena, request->path.guild_id, user_id, &member));
	reply_json(response, 200, &jw);
	return member_to_json(request->db, request->arena, &jw, NULL, &member);
}

enum err api_member(struct request *request, struct response *response)
{
	return reply_member(request, response, request->path.user_id);
}

enum err api_member_self(struct request *request, struct response *response)
{
	return reply_member(request, response, request->caller.user_id);
}

/* Discord's older way to one's own nickname answers with nothing else. */
enum err api_member_nickname(struct request *request, struct response *response)
{
	struct op_reply reply;
	struct str member, nick;
	struct view *view;
	struct jw jw;

	TRY(front_submit(request, OP_member_nickname, &reply));
	member = op_reply_member(&reply, request->arena, "member");
	TRY(view_parse(request->arena, member.p, member.n, &view));
	nick = view_text(view, "nick");
	reply_json(response, 200, &jw);
	jw_object(&jw, NULL);
	if (nick.n > 0)
		jw_text_n(&jw, "nick", nick.p, nick.n);
	else
		jw_null(&jw, "nick");
	jw_object_end(&jw);
	return ERR_OK;
}
