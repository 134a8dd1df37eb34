/* Taking everything of one's account away, and ending it; and what administrators of the server do about accounts. */
#include "api/api.h"
#include "domain/user/user_admin.h"
#include "domain/user/user_export.h"
#include "front/account_end.h"
#include "front/reply.h"

enum { USERS_PAGE_INITIAL = 50 };

const struct field api_export_fields[] = {
    {.name = "after", .type = FIELD_ID, .offset = offsetof(struct api_export_input, after)}, {0}};

const struct field api_admin_user_list_fields[] = {
    {.name = "query",
     .type = FIELD_TEXT,
     .flags = FIELD_TRIM,
     .max = USERS_QUERY_MAX,
     .offset = offsetof(struct api_admin_user_list_input, query)},
    {.name = "suspended", .type = FIELD_FLAG, .offset = offsetof(struct api_admin_user_list_input, is_suspended)},
    {.name = "after", .type = FIELD_ID, .offset = offsetof(struct api_admin_user_list_input, after)},
    {.name = "limit",
     .type = FIELD_INT,
     .min = 1,
     .max = USERS_PAGE_MAX,
     .offset = offsetof(struct api_admin_user_list_input, limit)},
    {0}};

enum err api_export(struct request *request, struct response *response)
{
	const struct api_export_input *input = request->input;
	struct jw jw;

	reply_json(response, 200, &jw);
	reply_header(response, "Content-Disposition", "attachment; filename=\"snug-export.json\"");
	return user_export_to_json(request->db, request->arena, &jw, request->caller.user_id, input->after,
				   request->now_ms);
}

enum err api_account_end(struct request *request, struct response *response)
{
	TRY(account_end(request, request->input));
	reply_nothing(response);
	return ERR_OK;
}

enum err api_admin_user_list(struct request *request, struct response *response)
{
	const struct api_admin_user_list_input *input = request->input;
	const struct user_page page = {.after = input->after,
				       .limit = input->limit != 0 ? (int)input->limit : USERS_PAGE_INITIAL,
				       .query = input->query,
				       .is_suspended = input->is_suspended};
	struct user_page_result result;
	struct jw jw;

	reply_json(response, 200, &jw);
	return user_list_to_json(request->db, request->arena, &jw, NULL, &page, &result);
}

/* Both directions are one op, and the address says which. */
static enum err admin_set(struct request *request, struct response *response, bool is_admin)
{
	struct buf *op = buf_in_arena(request->arena);
	struct op_reply reply;
	struct jw jw;

	jw_init(&jw, op);
	jw_object(&jw, NULL);
	jw_id(&jw, "user_id", request->path.user_id);
	jw_flag(&jw, "is_admin", is_admin);
	jw_object_end(&jw);
	TRY(front_submit_text(request, OP_user_admin, op, &reply));
	reply_nothing(response);
	return ERR_OK;
}

enum err api_admin_grant(struct request *request, struct response *response)
{
	return admin_set(request, response, true);
}

enum err api_admin_withdraw(struct request *request, struct response *response)
{
	return admin_set(request, response, false);
}

enum err api_hand_over(struct request *request, struct response *response)
{
	struct op_reply reply;
	struct jw jw;

	TRY(front_submit(request, OP_user_hand_over, &reply));
	reply_json(response, 200, &jw);
	jw_raw(&jw, NULL, reply.result.p, reply.result.n);
	return ERR_OK;
}
