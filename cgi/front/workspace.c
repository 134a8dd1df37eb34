/* Making and changing workspaces: see workspace.h. Called by the pages and by the API. */
#include "front/workspace.h"

#include "front/picture.h"
#include "json/jw.h"

#include <string.h>

const struct field workspace_create_fields[] = {
    {.name = "name", .type = FIELD_TEXT, .offset = offsetof(struct workspace_create_input, name)},
    {.name = "icon",
     .type = FIELD_TEXT,
     .flags = FIELD_SECRET,
     .max = FRONT_PICTURE_BODY_MAX,
     .offset = offsetof(struct workspace_create_input, icon)},
    {0}};

const struct field workspace_update_fields[] = {
    {.name = "name", .type = FIELD_TEXT, .offset = offsetof(struct workspace_update_input, name)},
    {.name = "description",
     .type = FIELD_TEXT,
     .flags = FIELD_MULTILINE,
     .offset = offsetof(struct workspace_update_input, description)},
    {.name = "icon",
     .type = FIELD_TEXT,
     .flags = FIELD_SECRET,
     .max = FRONT_PICTURE_BODY_MAX,
     .offset = offsetof(struct workspace_update_input, icon)},
    {.name = "remove_icon", .type = FIELD_FLAG, .offset = offsetof(struct workspace_update_input, remove_icon)},
    {.name = "owner_id", .type = FIELD_ID, .offset = offsetof(struct workspace_update_input, owner_id)},
    {0}};

/* Writes picture where an icon came, as the form's file or in the JSON; *came says whether. */
static enum err write_icon(struct request *request, const char *icon, struct jw *jw, bool *came)
{
	struct str bytes = {NULL, 0};
	const char *text;

	if (request->file.field != NULL && strcmp(request->file.field, "icon") == 0)
		bytes = request->file.bytes;
	else if (icon != NULL && icon[0] != '\0')
		TRY(picture_from_data_uri(request->arena, str_from(icon), &bytes));
	*came = bytes.p != NULL;
	if (!*came)
		return ERR_OK;
	TRY(picture_encode(request, bytes, PICTURE_SIDE_ICON, &text));
	jw_text(jw, "picture", text);
	return ERR_OK;
}

enum err workspace_create(struct request *request, const struct workspace_create_input *input, struct op_reply *reply)
{
	struct buf *op = buf_in_arena(request->arena);
	bool came;
	struct jw jw;

	jw_init(&jw, op);
	jw_object(&jw, NULL);
	jw_text(&jw, "name", input->name);
	TRY(write_icon(request, input->icon, &jw, &came));
	jw_object_end(&jw);
	return front_submit_text(request, OP_guild_create, op, reply);
}

/* What was given goes on as it is: the op's own table says what it may be. */
enum err workspace_update(struct request *request, const struct workspace_update_input *input, struct op_reply *reply)
{
	struct buf *op = buf_in_arena(request->arena);
	bool came;
	struct jw jw;

	jw_init(&jw, op);
	jw_object(&jw, NULL);
	jw_id(&jw, "guild_id", request->path.guild_id);
	if (field_is_given(workspace_update_fields, &input->set, "name"))
		jw_text(&jw, "name", input->name);
	if (field_is_given(workspace_update_fields, &input->set, "description"))
		jw_text(&jw, "description", input->description);
	if (input->owner_id != 0)
		jw_id(&jw, "owner_id", input->owner_id);
	TRY(write_icon(request, input->icon, &jw, &came));
	if (!came && (input->remove_icon || field_is_nulled(workspace_update_fields, &input->set, "icon")))
		jw_null(&jw, "picture");
	jw_object_end(&jw);
	return front_submit_text(request, OP_guild_update, op, reply);
}
