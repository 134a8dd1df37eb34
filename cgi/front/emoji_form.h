/* Adding an emoji to a workspace: what the page and the API do alike. Its picture is decoded and encoded again before
 * the op that keeps it (front/picture.h). */
#ifndef SNUG_FRONT_EMOJI_FORM_H
#define SNUG_FRONT_EMOJI_FORM_H

#include "front/front.h"

enum { EMOJI_IMAGE_MAX_BYTES = 256 * 1024 }; /* of the file that comes in, as in Discord */

struct emoji_form_input {
	struct field_set set;
	const char *name;
	const char *image; /* API: "data:image/png;base64,…"; of a form it is the file */
};
extern const struct field emoji_form_fields[];

/* Sends emoji_create for the path's workspace. Errors: ERR_TOO_LARGE, those of picture_encode and of the op. */
enum err emoji_form_send(struct request *request, const struct emoji_form_input *input,
			 struct op_reply *reply) MUST_USE;

#endif
