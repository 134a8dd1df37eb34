/* See unsent.h. Called for the page of an error, once a request is refused: nothing that is read here is acted upon. */
#include "front/unsent.h"

#include "base/utf8.h"
#include "front/csrf.h"
#include "front/file_upload.h"
#include "front/route.h"
#include "http/media_type.h"
#include "http/multipart.h"

#include <string.h>

enum { PIECE_BYTES = 16 * 1024 };

static const char field[] = "content";

/* A multipart body as far as it has been read. */
struct search {
	struct multipart multipart;
	struct buf *text; /* of the part that is looked for */
	bool is_inside;   /* that part has begun */
	bool is_found;    /* and ended */
	bool is_over;     /* there is nothing more to look for */
};

static void search_piece(struct search *search, struct str piece)
{
	enum multipart_event event;
	while (!search->is_over && (event = multipart_next(&search->multipart, &piece)) != MULTIPART_NEEDS_MORE) {
		const struct multipart_part *part = &search->multipart.part;
		if (event == MULTIPART_PART)
			search->is_inside = part->file_name == NULL && strcmp(part->name, field) == 0;
		else if (event == MULTIPART_DATA && search->is_inside)
			buf_put(search->text, search->multipart.data.p, search->multipart.data.n);
		search->is_found = event == MULTIPART_PART_END && search->is_inside;
		search->is_over = search->is_found || event == MULTIPART_END || event == MULTIPART_MALFORMED;
	}
}

/* A body that comes in pieces may be longer than memory, so of that no more is read than of any other. */
static void search_body(struct search *search, struct request *request)
{
	struct body_source *source = request->source;
	char *piece;
	if (source == NULL) {
		search_piece(search, request->body);
		return;
	}
	piece = arena_alloc(request->arena, PIECE_BYTES);
	for (size_t taken = 0; taken < FRONT_BODY_MAX && source->left > 0 && !search->is_over;) {
		size_t n = source->read(source, piece, PIECE_BYTES);
		if (n == 0)
			return; /* the peer went away */
		taken += n;
		search_piece(search, (struct str){piece, n});
	}
}

static const char *find_in_parts(struct request *request, struct str boundary)
{
	struct search *search = arena_alloc(request->arena, sizeof(*search));
	*search = (struct search){.text = buf_in_arena(request->arena)};
	if (!multipart_init(&search->multipart, boundary))
		return NULL;
	search_body(search, request);
	if (!search->is_found || search->text->n == 0 || memchr(search->text->p, '\0', search->text->n) != NULL)
		return NULL;
	return utf8_is_valid(search->text->p, search->text->n) ? search->text->p : NULL;
}

static const char *find_in_form(struct request *request)
{
	struct str value = request_param(request, "CONTENT_TYPE");
	struct media_type type;
	struct form *form;
	if (media_type_parse(value, &type) != ERR_OK || !media_type_is(&type, "application/x-www-form-urlencoded"))
		return NULL;
	form = arena_alloc(request->arena, sizeof(*form));
	return form_parse(request->arena, request->body, form) == ERR_OK ? form_find(form, field) : NULL;
}

static const char *find(struct request *request)
{
	struct str boundary;
	if (request->form.count > 0)
		return form_find(&request->form, field);
	if (request->route == NULL || strcmp(request->method, "POST") != 0)
		return NULL;
	return file_upload_is_streamed(request, &boundary) ? find_in_parts(request, boundary) : find_in_form(request);
}

static bool is_from_our_site(const struct request *request)
{
	return csrf_origin_is_ours(request->app, request_param(request, "HTTP_ORIGIN"),
				   request_param(request, "HTTP_SEC_FETCH_SITE"), request_param(request, "HTTP_HOST"));
}

const char *unsent_text(struct request *request)
{
	if (request->unsent == NULL)
		request->unsent = is_from_our_site(request) ? find(request) : NULL;
	if (request->unsent == NULL)
		request->unsent = "";
	return request->unsent;
}
