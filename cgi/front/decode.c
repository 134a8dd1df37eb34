/* Decoding requests: see decode.h. Called by the pipeline; decode_undo by front_submit.
 *
 * The path wins over the body: a message is posted to the channel that its address names, whatever its JSON says. */
#include "front/decode.h"

#include "base/ensure.h"
#include "base/id.h"
#include "front/file_upload.h"
#include "front/route.h"
#include "front/upload.h"
#include "http/media_type.h"
#include "json/field_decode.h"

#include <string.h>

static bool is_method(const struct request *request, const char *method)
{
	return strcmp(request->method, method) == 0;
}

/* Whether the client may have sent a body that counts. Some libraries send one with every DELETE; it says something
 * only where the route asks for one. */
static bool has_body(const struct request *request)
{
	if (is_method(request, "DELETE") && (request->route->flags & ROUTE_BODY) == 0)
		return false;
	return request->body.n > 0 && (is_method(request, "POST") || is_method(request, "PATCH") ||
				       is_method(request, "PUT") || is_method(request, "DELETE"));
}

/* An absent type counts as the expected one: clients of few lines leave it out. */
static enum err check_type(const struct request *request, const char *expected)
{
	struct str value = request_param(request, "CONTENT_TYPE");
	struct media_type type;

	if (value.n == 0)
		return ERR_OK;
	if (media_type_parse(value, &type) != ERR_OK || !media_type_is(&type, expected))
		return ERR_UNSUPPORTED_TYPE;
	return ERR_OK;
}

static bool is_upload(const struct request *request, struct str *boundary)
{
	struct media_type type;

	if ((request->route->flags & ROUTE_PICTURE) == 0 ||
	    media_type_parse(request_param(request, "CONTENT_TYPE"), &type) != ERR_OK ||
	    !media_type_is(&type, "multipart/form-data"))
		return false;
	*boundary = type.boundary;
	return true;
}

enum err decode_forms(struct request *request)
{
	struct str path, query, boundary;

	str_cut(str_from(request->uri), '?', &path, &query);
	TRY(request->route->flags & ROUTE_REPEATS ? form_parse_repeated(request->arena, query, &request->query)
						  : form_parse(request->arena, query, &request->query));
	if (file_upload_is_streamed(request, &boundary))
		return ERR_OK; /* its turn comes when it is known what its sender may */
	if (request->app->kind != APP_WEB || !has_body(request))
		return ERR_OK;
	if (is_upload(request, &boundary))
		return upload_read(request, boundary);
	TRY(check_type(request, "application/x-www-form-urlencoded"));
	return form_parse(request->arena, request->body, &request->form);
}

static struct view *object_of_form(struct arena *arena, const struct form *form)
{
	struct view *object = view_new_object(arena);

	for (size_t i = 0; i < form->count; i++)
		view_put_text(arena, object, form->fields[i].name, str_from(form->fields[i].value));
	return object;
}

static void put_id(struct arena *arena, struct view *object, const char *key, int64_t id)
{
	char text[ID_TEXT_SIZE];

	if (id == 0)
		return;
	id_format(id, text);
	view_put_text(arena, object, key, str_from(arena_strndup(arena, text, strlen(text))));
}

static void put_path(struct arena *arena, struct view *object, const struct request_path *path)
{
	if (!view_is_object(object))
		return;
	put_id(arena, object, "guild_id", path->guild_id);
	put_id(arena, object, "channel_id", path->channel_id);
	put_id(arena, object, "message_id", path->message_id);
	put_id(arena, object, "user_id", path->user_id);
	put_id(arena, object, "target_id", path->target_id);
	put_id(arena, object, "role_id", path->role_id);
	put_id(arena, object, "token_id", path->token_id);
	put_id(arena, object, "scheduled_id", path->scheduled_id);
	put_id(arena, object, "session_id", path->session_id);
	put_id(arena, object, "emoji_id", path->emoji_id);
	put_id(arena, object, "answer_id", path->answer_id);
	if (path->code != NULL)
		view_put_text(arena, object, "code", str_from(path->code));
	if (path->emoji != NULL)
		view_put_text(arena, object, "emoji", str_from(path->emoji));
}

/* Anything but a list stays what it is, and is refused as such where the list is looked for. */
static struct view *object_of_list(struct arena *arena, const struct view *list)
{
	struct view *object = view_new_object(arena);

	view_put(arena, object, "items", list);
	return object;
}

/* A multipart body in the API: its part payload_json is what others send as the body; without it the parts are fields.
 */
static enum err source_of_parts(struct request *request, struct view **object, bool *is_form)
{
	const char *payload = form_find(&request->form, "payload_json");

	*is_form = payload == NULL;
	if (payload != NULL)
		return view_parse_peer(request->arena, payload, strlen(payload), object);
	*object = object_of_form(request->arena, &request->form);
	return ERR_OK;
}

/* What the fields are read from: the query of a GET, else the body; nothing sent is an empty object. */
static enum err source_of(struct request *request, struct view **object, bool *is_form)
{
	bool is_query = is_method(request, "GET") || request->is_head;
	struct str boundary;

	*is_form = is_query || request->app->kind == APP_WEB;
	if (*is_form) {
		*object = object_of_form(request->arena, is_query ? &request->query : &request->form);
		return ERR_OK;
	}
	if (file_upload_is_streamed(request, &boundary))
		return source_of_parts(request, object, is_form);
	if (!has_body(request)) {
		*object = view_new_object(request->arena);
		return ERR_OK;
	}
	TRY(check_type(request, "application/json"));
	TRY(view_parse_long(request->arena, request->body.p, request->body.n,
			    request->route->flags & ROUTE_PICTURE ? FRONT_PICTURE_BODY_MAX : VIEW_PEER_MAX, object));
	if (request->route->flags & ROUTE_LIST)
		*object = object_of_list(request->arena, *object);
	return ERR_OK;
}

enum err decode_input(struct request *request)
{
	const struct route *route = request->route;
	struct view *object = NULL;
	void *input;
	bool is_form;

	if (route->fields == NULL)
		return ERR_OK;
	TRY(source_of(request, &object, &is_form));
	put_path(request->arena, object, &request->path);
	if (route->flags & ROUTE_FILES)
		TRY(file_upload_put(request, object, is_form));
	input = arena_alloc(request->arena, route->input_bytes);
	TRY(field_decode(request->arena, route->fields, object, is_form, input, &request->errors));
	request->input = input;
	return ERR_OK;
}

static void member_write(struct arena *arena, const struct field *field, const void *value, struct jw *jw)
{
	switch (field->type) {
	case FIELD_TEXT:
	case FIELD_NONCE:
		jw_text(jw, field->name, *(const char *const *)value);
		break;
	case FIELD_ID:
		jw_id(jw, field->name, *(const int64_t *)value);
		break;
	case FIELD_INT:
		jw_int(jw, field->name, *(const int64_t *)value);
		break;
	case FIELD_FLAG:
		jw_flag(jw, field->name, *(const bool *)value);
		break;
	case FIELD_BITS:
		jw_bits(jw, field->name, *(const uint64_t *)value);
		break;
	case FIELD_JSON: {
		struct str text = json_write(arena, *(json_t *const *)value);

		jw_raw(jw, field->name, text.p, text.n);
		break;
	}
	case FIELD_END:
		break;
	}
}

void decode_undo(struct arena *arena, const struct field *table, const void *input, struct jw *jw)
{
	const struct field_set *set = input;

	for (size_t i = 0; table[i].type != FIELD_END; i++) {
		uint64_t bit = UINT64_C(1) << i;

		if (set->nulled & bit)
			jw_null(jw, table[i].name);
		else if (set->given & bit)
			member_write(arena, &table[i], (const char *)input + table[i].offset, jw);
	}
}
