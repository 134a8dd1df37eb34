/* Ending one's own account: see account_end.h. */
#include "front/account_end.h"

#include "crypto/password.h"
#include "domain/user/user.h"
#include "front/proof.h"
#include "json/jw.h"

const struct field account_end_fields[] = {{.name = "username",
					    .type = FIELD_TEXT,
					    .flags = FIELD_TRIM | FIELD_LOWER,
					    .max = USERNAME_MAX,
					    .offset = offsetof(struct account_end_input, username)},
					   {.name = "password",
					    .alias = "current_password",
					    .type = FIELD_TEXT,
					    .flags = FIELD_REQUIRED | FIELD_SECRET,
					    .max = PASSWORD_MAX_CHARS,
					    .offset = offsetof(struct account_end_input, password)},
					   {0}};

enum err account_end(struct request *request, const struct account_end_input *input)
{
	struct buf *op = buf_in_arena(request->arena);
	struct op_reply reply;
	const char *hash;
	struct jw jw;

	TRY(proof_of_password(request, input->password, &hash));
	jw_init(&jw, op);
	jw_object(&jw, NULL);
	if (input->username != NULL)
		jw_text(&jw, "username", input->username);
	jw_text(&jw, "password_hash", hash);
	jw_object_end(&jw);
	return front_submit_text(request, OP_user_delete, op, &reply);
}
