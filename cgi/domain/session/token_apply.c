/* Personal tokens: made and ended by their owner, from a login or the command line. */
#include "domain/security_event/security_event.h"
#include "domain/session/session.h"

enum err token_create_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct token_create_input *in = input;
	int64_t count, id;
	TRY(session_require_login(apply));
	TRY(sql_find_int(apply->db, QUERY_SESSION_COUNT_TOKENS, SQL_ARGS(sql_id(apply->actor_id)), &count));
	if (count >= SESSION_TOKENS_MAX)
		return ERR_TOO_MANY;
	TRY(session_open_token(apply,
			       &(struct session_opening){
				   .user_id = apply->actor_id, .kind = "token", .digest = in->digest, .name = in->name},
			       &id));
	TRY(security_event_add(apply, SECURITY_TOKEN_CREATED, apply->actor_id, NULL));
	jw_id(result, "id", id);
	jw_text(result, "name", in->name);
	return ERR_OK;
}

enum err token_revoke_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct token_revoke_input *in = input;
	int64_t owner;
	(void)result;
	TRY(session_require_login(apply));
	TRY(sql_find_int(apply->db, QUERY_SESSION_OWNER, SQL_ARGS(sql_id(in->token_id), sql_text("token")), &owner));
	/* On the command line the administrator of the machine acts for the account. */
	if (owner == 0 || owner != apply->actor_id)
		return ERR_UNKNOWN_TOKEN;
	TRY(session_end_one(apply, in->token_id, owner));
	return security_event_add(apply, SECURITY_TOKEN_REVOKED, owner, NULL);
}
