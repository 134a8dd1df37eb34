#include "front/names.h"

#include "domain/name/name.h"
#include "front/route.h"

#include <string.h>

static const struct field *find_field(const struct request *request, const char *name, enum field_type type)
{
	const struct field *field = request->route->fields;
	for (; field != NULL && field->type != FIELD_END; field++) {
		if (strcmp(field->name, name) == 0)
			return field->type == type ? field : NULL;
	}
	return NULL;
}

static bool is_asked(const struct request *request, const struct field *flag)
{
	return request->app->kind == APP_WEB || *(const bool *)((const char *)request->input + flag->offset);
}

enum err names_settle(struct request *request)
{
	const struct field *flag = find_field(request, "resolve_names", FIELD_FLAG);
	const struct field *content = find_field(request, "content", FIELD_TEXT);
	const struct name_place place = {request->path.channel_id, request->caller.user_id};
	struct str stored;
	if (flag == NULL || content == NULL || request->input == NULL || place.channel_id == 0 ||
	    !is_asked(request, flag))
		return ERR_OK;
	/* The input is decode's own, in the arena. */
	const char **text = (const char **)(uintptr_t)((const char *)request->input + content->offset);
	if (*text == NULL)
		return ERR_OK;
	TRY(name_to_stored(request->db, request->arena, &place, str_from(*text), &stored));
	if (stored.p != *text)
		*text = arena_strndup(request->arena, stored.p, stored.n);
	return ERR_OK;
}
