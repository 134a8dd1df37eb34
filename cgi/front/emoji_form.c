/* Adding an emoji: see emoji_form.h. Called by the pages and by the API. */
#include "front/emoji_form.h"

#include "domain/perm.h"
#include "front/picture.h"
#include "json/jw.h"

#include <string.h>

const struct field emoji_form_fields[] = {
    {.name = "name", .type = FIELD_TEXT, .offset = offsetof(struct emoji_form_input, name)},
    {.name = "image",
     .type = FIELD_TEXT,
     .flags = FIELD_SECRET,
     .max = FRONT_PICTURE_BODY_MAX,
     .offset = offsetof(struct emoji_form_input, image)},
    {0}};

static enum err refuse_image(struct request *request, const char *code, const char *message)
{
	field_errors_add(&request->errors, "image", code, message);
	return ERR_INVALID_FORM;
}

static enum err read_image(struct request *request, const char *image, struct str *bytes)
{
	*bytes = (struct str){NULL, 0};
	if (request->file.field != NULL && strcmp(request->file.field, "image") == 0)
		*bytes = request->file.bytes;
	else if (image != NULL && image[0] != '\0')
		TRY(picture_from_data_uri(request->arena, str_from(image), bytes));
	if (bytes->n == 0)
		return refuse_image(request, "BASE_TYPE_REQUIRED", "A picture is required.");
	if (bytes->n > EMOJI_IMAGE_MAX_BYTES)
		return refuse_image(request, "BINARY_TYPE_MAX_SIZE", "The picture may have 256 KB at most.");
	return ERR_OK;
}

/* Who may not is refused before a picture is decoded for them. */
enum err emoji_form_send(struct request *request, const struct emoji_form_input *input, struct op_reply *reply)
{
	struct buf *op = buf_in_arena(request->arena);
	const char *picture;
	struct str bytes;
	struct jw jw;

	if ((request->permissions & (PERM_CREATE_EXPRESSIONS | PERM_MANAGE_EXPRESSIONS)) == 0)
		return ERR_MISSING_PERMISSIONS;
	TRY(read_image(request, input->image, &bytes));
	TRY(picture_encode(request, bytes, PICTURE_SIDE_EMOJI, &picture));
	jw_init(&jw, op);
	jw_object(&jw, NULL);
	jw_id(&jw, "guild_id", request->path.guild_id);
	jw_text(&jw, "name", input->name);
	jw_text(&jw, "picture", picture);
	jw_object_end(&jw);
	return front_submit_text(request, OP_emoji_create, op, reply);
}
