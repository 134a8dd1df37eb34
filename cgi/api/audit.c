/* The audit log of a workspace, in Discord's shape. */
#include "domain/audit/audit.h"
#include "api/api.h"
#include "front/reply.h"

enum { AUDIT_PAGE_INITIAL = 50 };

const struct field api_audit_list_fields[] = {
    {.name = "user_id", .type = FIELD_ID, .offset = offsetof(struct api_audit_list_input, user_id)},
    {.name = "target_id", .type = FIELD_ID, .offset = offsetof(struct api_audit_list_input, target_id)},
    {.name = "action_type",
     .type = FIELD_INT,
     .max = 9999,
     .offset = offsetof(struct api_audit_list_input, action_type)},
    {.name = "before", .type = FIELD_ID, .offset = offsetof(struct api_audit_list_input, before)},
    {.name = "after", .type = FIELD_INT, .max = INT64_MAX, .offset = offsetof(struct api_audit_list_input, after)},
    {.name = "limit",
     .type = FIELD_INT,
     .min = 1,
     .max = AUDIT_PAGE_MAX,
     .offset = offsetof(struct api_audit_list_input, limit)},
    {0}};

enum err api_audit_list(struct request *request, struct response *response)
{
	static const char *const others[] = {"webhooks",
					     "integrations",
					     "threads",
					     "application_commands",
					     "auto_moderation_rules",
					     "guild_scheduled_events"};
	const struct api_audit_list_input *input = request->input;
	const struct audit_page page = {
	    .before = input->before,
	    .after = input->after,
	    .has_after = field_is_given(api_audit_list_fields, &input->set, "after"),
	    .limit = input->limit != 0 ? (int)input->limit : AUDIT_PAGE_INITIAL,
	    .actor_id = input->user_id,
	    .target_id = input->target_id,
	    .action = input->action_type,
	};
	struct audit_page_result *result = arena_alloc(request->arena, sizeof(*result));
	struct jw jw;

	reply_json(response, 200, &jw);
	jw_object(&jw, NULL);
	TRY(audit_list_to_json(request->db, request->arena, &jw, "audit_log_entries", request->path.guild_id,
			       request->caller.user_id, &page, result));
	TRY(audit_users_to_json(request->db, request->arena, &jw, "users", result));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		jw_array(&jw, others[i]);
		jw_array_end(&jw);
	}
	jw_object_end(&jw);
	return ERR_OK;
}
