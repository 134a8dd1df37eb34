/* Changing one's own profile: see profile.h. Called by the page of the account and by the API. */
#include "front/profile.h"

#include "crypto/password.h"
#include "domain/user/user_profile.h"
#include "front/picture.h"
#include "front/proof.h"
#include "json/jw.h"

#include <string.h>

const struct field profile_update_fields[] = {
    {.name = "username", .type = FIELD_TEXT, .offset = offsetof(struct profile_update_input, username)},
    {.name = "display_name",
     .alias = "global_name",
     .type = FIELD_TEXT,
     .offset = offsetof(struct profile_update_input, display_name)},
    {.name = "about",
     .alias = "bio",
     .type = FIELD_TEXT,
     .flags = FIELD_MULTILINE,
     .offset = offsetof(struct profile_update_input, about)},
    {.name = "pronouns", .type = FIELD_TEXT, .offset = offsetof(struct profile_update_input, pronouns)},
    {.name = "time_zone", .type = FIELD_TEXT, .offset = offsetof(struct profile_update_input, time_zone)},
    {.name = "avatar",
     .type = FIELD_TEXT,
     .flags = FIELD_SECRET,
     .max = FRONT_PICTURE_BODY_MAX,
     .offset = offsetof(struct profile_update_input, avatar)},
    {.name = "remove_avatar", .type = FIELD_FLAG, .offset = offsetof(struct profile_update_input, remove_avatar)},
    {.name = "email", .type = FIELD_TEXT, .max = 254, .offset = offsetof(struct profile_update_input, email)},
    {0}};

const struct field profile_email_fields[] = {{.name = "email",
					      .type = FIELD_TEXT,
					      .flags = FIELD_REQUIRED | FIELD_TRIM,
					      .min = 3,
					      .max = 254,
					      .offset = offsetof(struct profile_email_input, email)},
					     {.name = "current_password",
					      .alias = "password",
					      .type = FIELD_TEXT,
					      .flags = FIELD_REQUIRED | FIELD_SECRET,
					      .max = PASSWORD_MAX_CHARS,
					      .offset = offsetof(struct profile_email_input, current_password)},
					     {0}};

/* The texts that were given go on as they are: the op's own table says what they may be. */
static void write_texts(const struct profile_update_input *input, struct jw *jw)
{
	const struct {
		const char *name, *text;
	} texts[] = {{"username", input->username},
		     {"display_name", input->display_name},
		     {"about", input->about},
		     {"pronouns", input->pronouns},
		     {"time_zone", input->time_zone}};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (field_is_given(profile_update_fields, &input->set, texts[i].name))
			jw_text(jw, texts[i].name, texts[i].text);
	}
}

/* Writes picture where one came, null where the one that there is shall go. */
static enum err write_picture(struct request *request, const struct profile_update_input *input, struct jw *jw)
{
	struct str bytes = {NULL, 0};
	const char *text;

	if (request->file.field != NULL && strcmp(request->file.field, "avatar") == 0) {
		bytes = request->file.bytes;
	} else if (input->avatar != NULL && input->avatar[0] != '\0') {
		TRY(picture_from_data_uri(request->arena, str_from(input->avatar), &bytes));
	} else if (input->remove_avatar || field_is_nulled(profile_update_fields, &input->set, "avatar")) {
		jw_null(jw, "picture");
		return ERR_OK;
	}
	if (bytes.p == NULL)
		return ERR_OK;
	TRY(picture_encode(request, bytes, PICTURE_SIDE_AVATAR, &text));
	jw_text(jw, "picture", text);
	return ERR_OK;
}

/* Clients that send the whole account back send its address too. Another one asks for the password, which is checked
 * elsewhere: this route runs where nothing is hashed. */
static enum err check_email(struct request *request, const char *email)
{
	struct user user;

	if (email == NULL || email[0] == '\0')
		return ERR_OK;
	TRY(user_find(request->db, request->arena, request->caller.user_id, &user));
	if (user.email != NULL && str_eq_nocase(str_from(email), str_from(user.email)))
		return ERR_OK;
	field_errors_add(&request->errors, "email", "EMAIL_ELSEWHERE",
			 "PUT /users/@me/email changes the address, with current_password.");
	return ERR_INVALID_FORM;
}

enum err profile_update(struct request *request, const struct profile_update_input *input, struct op_reply *reply)
{
	struct buf *op = buf_in_arena(request->arena);
	struct jw jw;

	TRY(check_email(request, input->email));
	jw_init(&jw, op);
	jw_object(&jw, NULL);
	write_texts(input, &jw);
	TRY(write_picture(request, input, &jw));
	jw_object_end(&jw);
	return front_submit_text(request, OP_user_update, op, reply);
}

enum err profile_email(struct request *request, const struct profile_email_input *input, struct op_reply *reply)
{
	struct buf *op = buf_in_arena(request->arena);
	const char *hash;
	struct jw jw;

	TRY(proof_of_password(request, input->current_password, &hash));
	jw_init(&jw, op);
	jw_object(&jw, NULL);
	jw_text(&jw, "email", input->email);
	jw_text(&jw, "password_hash", hash);
	jw_object_end(&jw);
	return front_submit_text(request, OP_user_email, op, reply);
}
