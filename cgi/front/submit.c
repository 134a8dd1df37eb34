/* Sending ops for a request: the last step of everything that changes data. See front.h. */
#include "front/decode.h"
#include "front/reply.h"
#include "front/route.h"

#include "base/ensure.h"

enum err front_submit_text(struct request *request, enum op op, const struct buf *input, struct op_reply *reply)
{
	enum err e;

	request_read_end(request);
	e = store_submit(&request->app->store, request->arena, op, &request->caller, input->p, input->n, reply);
	request->op_errors = reply->errors;
	request->retry_after_ms = reply->retry_after_ms;
	return e;
}

enum err front_submit(struct request *request, enum op op, struct op_reply *reply)
{
	struct buf *input = buf_in_arena(request->arena);
	struct jw jw;

	ensure(request->input != NULL);
	jw_init(&jw, input);
	jw_object(&jw, NULL);
	decode_undo(request->arena, request->route->fields, request->input, &jw);
	jw_object_end(&jw);
	return front_submit_text(request, op, input, reply);
}

enum err front_submit_and_reply(struct request *request, struct response *response)
{
	const struct route *route = request->route;
	struct op_reply reply;
	struct str member;
	struct jw jw;

	TRY(front_submit(request, route->op, &reply));
	if (route->reply_member == NULL) {
		reply_nothing(response);
		return ERR_OK;
	}
	member = op_reply_member(&reply, request->arena, route->reply_member);
	if (member.n == 0)
		return ERR_INTERNAL;
	reply_json(response, route->reply_status, &jw);
	jw_raw(&jw, NULL, member.p, member.n);
	return ERR_OK;
}
