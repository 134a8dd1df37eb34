/* Making a workspace and changing its settings: what the pages and the API do alike. An icon is decoded and encoded again
 * before the op that keeps it (front/picture.h). */
#ifndef SNUG_FRONT_WORKSPACE_H
#define SNUG_FRONT_WORKSPACE_H

#include "front/front.h"

struct workspace_create_input {
	struct field_set set;
	const char *name;
	const char *icon; /* API: "data:image/png;base64,…"; of a form it is the file */
};
extern const struct field workspace_create_fields[];

/* Sends guild_create. Errors: those of picture_encode and of the op. */
enum err workspace_create(struct request *request, const struct workspace_create_input *input,
			  struct op_reply *reply) MUST_USE;

struct workspace_update_input {
	struct field_set set;
	const char *name, *description;
	const char *icon; /* as above; null for none */
	bool remove_icon; /* form: none, unless there is a file */
	int64_t owner_id; /* 0: as it is */
};
extern const struct field workspace_update_fields[];

/* Sends guild_update for the path's workspace with what was given. Errors: those of picture_encode and of the op. */
enum err workspace_update(struct request *request, const struct workspace_update_input *input,
			  struct op_reply *reply) MUST_USE;

#endif
