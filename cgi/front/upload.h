/* Page forms with a file: multipart/form-data, decoded into the same request->form as any other form, with the file
 * beside it in request->file. Only routes with ROUTE_PICTURE take such forms and bodies of more than FRONT_BODY_MAX. */
#ifndef SNUG_FRONT_UPLOAD_H
#define SNUG_FRONT_UPLOAD_H

#include "front/front.h"

/* Reads request->body. Text has to be what form_parse lets through; one file at most, and an input in which none was
 * chosen counts as none. Errors: ERR_BAD_REQUEST. */
enum err upload_read(struct request *request, struct str boundary) MUST_USE;

/* What is to be done with the body of the request with these parameters. */
struct upload_plan {
	size_t body_max;  /* bytes that it may have: FRONT_PICTURE_BODY_MAX where its route takes pictures, else
			     FRONT_BODY_MAX;  where it takes files, what the configuration says */
	bool is_streamed; /* it is not read into memory */
};

/* The arena is for looking up the route. */
void upload_plan(const struct app *app, struct arena *arena, const struct params *params, struct upload_plan *out);

#endif
