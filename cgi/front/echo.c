#include "front/echo.h"

#include "domain/thread/thread.h"
#include "front/limit.h"
#include "front/route.h"

#include <string.h>

static bool is_asked(const struct request *request)
{
	const struct field *field = request->route->fields;

	for (; field != NULL && field->type != FIELD_END; field++) {
		if (strcmp(field->name, "also_in_channel") == 0 && field->type == FIELD_FLAG)
			return request->input != NULL && *(const bool *)((const char *)request->input + field->offset);
	}
	return false;
}

enum err echo_take_limit(struct request *request)
{
	int64_t parent_id;

	if (request->app->limits == NULL || !is_asked(request))
		return ERR_OK;
	TRY(thread_parent(request->db, request->path.channel_id, &parent_id));
	return parent_id != 0 ? limit_take_message_in(request, parent_id) : ERR_OK;
}
