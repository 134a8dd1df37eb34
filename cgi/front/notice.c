/* Telling the store without waiting: see notice.h. Called by the pipeline and by front/account.c. */
#include "front/notice.h"

#include "front/limit.h"
#include "json/jw.h"

static bool take(struct request *request, enum limit limit)
{
	struct gcra result;
	uint64_t key;

	return request->app->limits == NULL || limit_take_one(request, limit, NULL, &key, &result);
}

/* Whether it arrived is of no consequence. */
static void tell(struct request *request, enum op op, const struct buf *input)
{
	(void)store_notify(&request->app->store, request->arena, op, &request->caller, input);
}

void notice_session(struct request *request)
{
	struct buf *input;

	if (request->session.id == 0 || request->now_ms - request->session.last_used_at_ms < SESSION_TOUCH_MS ||
	    !take(request, LIMIT_TOUCH))
		return;
	input = buf_in_arena(request->arena);
	buf_puts(input, "{}");
	tell(request, OP_session_touch, input);
}

void notice_security(struct request *request, enum security_kind kind, int64_t user_id, const char *detail)
{
	struct buf *input;
	struct jw jw;

	if (!take(request, LIMIT_REPORT) || !take(request, LIMIT_REPORT_ALL))
		return;
	input = buf_in_arena(request->arena);
	jw_init(&jw, input);
	jw_object(&jw, NULL);
	jw_text(&jw, "kind", security_kind_name(kind));
	jw_id(&jw, "user_id", user_id);
	jw_text(&jw, "detail", detail);
	jw_object_end(&jw);
	tell(request, OP_security_event_report, input);
}
