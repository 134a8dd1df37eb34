/* Page forms with a file: see upload.h. Called by decode.c and, before a body is read, by fcgi.c.
 *
 * The body is in memory as a whole, so a file is not copied: what the parser tells of a part, piece by piece, lies in
 * the body in one piece. */
#include "front/upload.h"

#include "base/utf8.h"
#include "front/file_upload.h"
#include "front/route.h"
#include "http/media_type.h"
#include "http/multipart.h"

#include <string.h>

/* The part that is being read. */
struct upload_part {
	const char *name, *file_name; /* in the arena; file_name NULL: a text */
	struct str bytes;             /* in the body */
};

static enum err keep_text(struct request *request, const struct upload_part *part)
{
	struct form *form = &request->form;
	struct str text = part->bytes;

	if (form->count == FORM_FIELDS_MAX || form_find(form, part->name) != NULL)
		return ERR_BAD_REQUEST;
	if (memchr(text.p, '\0', text.n) != NULL || !utf8_is_valid(text.p, text.n))
		return ERR_BAD_REQUEST;
	form->fields[form->count++] = (struct form_field){part->name, arena_strndup(request->arena, text.p, text.n)};
	return ERR_OK;
}

static enum err keep(struct request *request, const struct upload_part *part)
{
	if (part->file_name == NULL)
		return keep_text(request, part);
	if (part->file_name[0] == '\0' && part->bytes.n == 0)
		return ERR_OK; /* the person chose none */
	if (request->file.field != NULL)
		return ERR_BAD_REQUEST;
	request->file = (struct request_file){part->name, part->file_name, part->bytes};
	return ERR_OK;
}

static struct upload_part begin(struct request *request, const struct multipart_part *part, const char *at)
{
	return (struct upload_part){
	    .name = arena_strdup(request->arena, part->name),
	    .file_name = part->file_name != NULL ? arena_strdup(request->arena, part->file_name) : NULL,
	    .bytes = {at, 0},
	};
}

enum err upload_read(struct request *request, struct str boundary)
{
	struct multipart *multipart = arena_alloc(request->arena, sizeof(*multipart));
	struct str rest = request->body;
	struct upload_part part = {0};
	enum multipart_event event;

	if (!multipart_init(multipart, boundary))
		return ERR_BAD_REQUEST;
	while ((event = multipart_next(multipart, &rest)) != MULTIPART_NEEDS_MORE) {
		if (event == MULTIPART_MALFORMED)
			return ERR_BAD_REQUEST;
		if (event == MULTIPART_PART)
			part = begin(request, &multipart->part, rest.p);
		else if (event == MULTIPART_DATA)
			part.bytes.n += multipart->data.n;
		else if (event == MULTIPART_PART_END)
			TRY(keep(request, &part));
	}
	return multipart_is_done(multipart) ? ERR_OK : ERR_BAD_REQUEST;
}

void upload_plan(const struct app *app, struct arena *arena, const struct params *params, struct upload_plan *out)
{
	struct str uri = params_find(params, "REQUEST_URI"), method = params_find(params, "REQUEST_METHOD");
	struct str path, query;
	const struct route *route;
	struct request_path ids;
	const char *allow;
	struct media_type type;

	*out = (struct upload_plan){.body_max = FRONT_BODY_MAX};
	str_cut(uri, '?', &path, &query);
	if (path.n == 0 || path.p[0] != '/' ||
	    route_find(app, arena, arena_strndup(arena, method.p, method.n), path, &route, &ids, &allow) != ERR_OK)
		return;
	if (route->flags & ROUTE_PICTURE)
		out->body_max = FRONT_PICTURE_BODY_MAX;
	if ((route->flags & ROUTE_FILES) == 0 ||
	    media_type_parse(params_find(params, "CONTENT_TYPE"), &type) != ERR_OK ||
	    !media_type_is(&type, "multipart/form-data"))
		return;
	out->body_max = (size_t)file_body_max_bytes(&app->config);
	out->is_streamed = true;
}
