/* Security events, for those who administer the server. */
#include "api/api.h"
#include "domain/security_event/security_event.h"
#include "domain/user/user.h"
#include "front/reply.h"

const struct field api_security_event_list_fields[] = {
    {.name = "kind", .type = FIELD_TEXT, .max = 64, .offset = offsetof(struct api_security_event_list_input, kind)},
    {.name = "user",
     .alias = "user_id",
     .type = FIELD_ID,
     .offset = offsetof(struct api_security_event_list_input, user_id)},
    {.name = "before", .type = FIELD_ID, .offset = offsetof(struct api_security_event_list_input, before)},
    {.name = "limit",
     .type = FIELD_INT,
     .min = 1,
     .max = SECURITY_EVENTS_PAGE_MAX,
     .offset = offsetof(struct api_security_event_list_input, limit)},
    {0}};

enum { INITIAL_PAGE = 50 };

static enum err check_kind(struct request *request, const char *kind)
{
	if (kind == NULL || security_kind_from_name(kind) != SECURITY_KIND_COUNT)
		return ERR_OK;
	field_errors_add(&request->errors, "kind", "BASE_TYPE_CHOICES", "There is no such kind of event.");
	return ERR_INVALID_FORM;
}

enum err api_security_event_list(struct request *request, struct response *response)
{
	const struct api_security_event_list_input *input = request->input;
	bool is_admin;
	struct jw jw;

	TRY(user_is_admin(request->db, request->caller.user_id, &is_admin));
	if (!is_admin)
		return ERR_MISSING_PERMISSIONS;
	TRY(check_kind(request, input->kind));
	reply_json(response, 200, &jw);
	return security_event_list_to_json(request->db, request->arena, &jw, NULL,
					   &(struct security_event_filter){
					       .kind = input->kind,
					       .user_id = input->user_id,
					       .before = input->before,
					       .limit = input->limit != 0 ? (int)input->limit : INITIAL_PAGE,
					   });
}
