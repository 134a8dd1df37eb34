/* Pinned messages, in both of Discord's families of addresses: the older one lists messages, the newer one pages. */
#include "api/api.h"
#include "base/clock.h"
#include "domain/message/message.h"
#include "domain/pin/pin.h"
#include "front/reply.h"

enum { TIME_MAX = 40 };

const struct field api_pin_list_fields[] = {
    {.name = "before", .type = FIELD_TEXT, .max = TIME_MAX, .offset = offsetof(struct api_pin_list_input, before)},
    {.name = "limit",
     .type = FIELD_INT,
     .min = 1,
     .max = PINS_MAX,
     .offset = offsetof(struct api_pin_list_input, limit)},
    {0}};

enum err api_pin_list(struct request *request, struct response *response)
{
	const struct pin_page page = {.limit = PINS_MAX, .viewer_id = request->caller.user_id, .is_plain = true};
	bool has_more;
	struct jw jw;

	reply_json(response, 200, &jw);
	return pin_list_to_json(request->db, &jw, NULL, request->path.channel_id, &page, &has_more);
}

enum err api_pin_page(struct request *request, struct response *response)
{
	const struct api_pin_list_input *input = request->input;
	struct pin_page page = {.limit = input->limit != 0 ? (int)input->limit : PINS_MAX,
				.viewer_id = request->caller.user_id};
	bool has_more;
	struct jw jw;

	if (input->before != NULL && !clock_parse_iso8601(input->before, &page.before_ms)) {
		field_errors_add(&request->errors, "before", "DATE_TYPE_CONVERT",
				 "Must be a time such as 2026-01-02T15:04:00Z.");
		return ERR_INVALID_FORM;
	}
	reply_json(response, 200, &jw);
	jw_object(&jw, NULL);
	TRY(pin_list_to_json(request->db, &jw, "items", request->path.channel_id, &page, &has_more));
	jw_flag(&jw, "has_more", has_more);
	jw_object_end(&jw);
	return ERR_OK;
}
