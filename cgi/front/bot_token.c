/* Making bots and their tokens: see bot_token.h. */
#include "front/bot_token.h"

#include "domain/user/user.h"
#include "front/account.h"
#include "json/jw.h"

const struct field bot_create_form_fields[] = {{.name = "username",
						.type = FIELD_TEXT,
						.flags = FIELD_REQUIRED | FIELD_TRIM | FIELD_LOWER,
						.min = USERNAME_MIN,
						.max = USERNAME_MAX,
						.offset = offsetof(struct bot_create_form_input, username)},
					       {0}};

static enum err issue(struct request *request, enum op op, const char *username, struct bot_token *out)
{
	struct buf *input = buf_in_arena(request->arena);
	char digest[SECRET_TEXT_SIZE];
	struct op_reply reply;
	struct jw jw;

	secret_token(out->secret);
	account_digest(out->secret, digest);
	jw_init(&jw, input);
	jw_object(&jw, NULL);
	jw_id(&jw, "guild_id", request->path.guild_id);
	if (username != NULL)
		jw_text(&jw, "username", username);
	else
		jw_id(&jw, "user_id", request->path.user_id);
	jw_text(&jw, "digest", digest);
	jw_object_end(&jw);
	TRY(front_submit_text(request, op, input, &reply));
	out->user = op_reply_member(&reply, request->arena, "user");
	return ERR_OK;
}

enum err bot_token_create(struct request *request, const char *username, struct bot_token *out)
{
	return issue(request, OP_bot_create, username, out);
}

enum err bot_token_renew(struct request *request, struct bot_token *out)
{
	return issue(request, OP_bot_renew, NULL, out);
}
