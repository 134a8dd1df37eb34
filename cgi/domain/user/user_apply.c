/* Changes of accounts. */
#include "domain/guild/guild.h"
#include "domain/invite/invite.h"
#include "domain/security_event/security_event.h"
#include "domain/session/session.h"
#include "domain/user/user.h"

#include <string.h>

/* A form always sends every field: an empty one was left out. */
static const char *filled(const char *text)
{
	return text != NULL && text[0] != '\0' ? text : NULL;
}

static enum err check_form(struct apply *apply, const struct user_register_input *in)
{
	if (!user_is_username(in->username))
		field_errors_add(&apply->errors, "username", "USERNAME_INVALID",
				 "Only letters a-z, digits, _ and . are allowed.");
	if (!user_is_email(in->email))
		field_errors_add(&apply->errors, "email", "EMAIL_TYPE_INVALID_EMAIL",
				 "Not a well-formed e-mail address.");
	return apply->errors.count > 0 ? ERR_INVALID_FORM : ERR_OK;
}

/* Who may make an account now, and whether a workspace comes with it. */
static enum err check_policy(struct apply *apply, const struct user_register_input *in)
{
	bool exists;
	TRY(user_exists_any(apply->db, &exists));
	bool wants_workspace = filled(in->workspace) != NULL;
	if (!exists) {
		if (wants_workspace)
			return ERR_OK;
		field_errors_add(&apply->errors, "workspace", "BASE_TYPE_REQUIRED",
				 "The first account names the workspace.");
		return ERR_INVALID_FORM;
	}
	if (in->is_setup)
		return ERR_ALREADY_SET_UP;
	const char *policy = config_text(apply->config, CONFIG_REGISTRATION);
	if (strcmp(policy, "closed") == 0)
		return ERR_REGISTRATION_CLOSED;
	bool is_open = strcmp(policy, "open") == 0;
	if (filled(in->invite) == NULL && !is_open)
		return ERR_INVITE_REQUIRED;
	bool may_make_one = is_open && strcmp(config_text(apply->config, CONFIG_WORKSPACE_CREATION), "everyone") == 0;
	return wants_workspace && !may_make_one ? ERR_MISSING_PERMISSIONS : ERR_OK;
}

static enum err check_free(struct apply *apply, const struct user_register_input *in)
{
	int64_t id;
	TRY(sql_find_int(apply->db, QUERY_USER_FIND_BY_USERNAME, SQL_ARGS(sql_text(in->username)), &id));
	if (id != 0)
		return ERR_NAME_TAKEN;
	TRY(sql_find_int(apply->db, QUERY_USER_FIND_BY_EMAIL, SQL_ARGS(sql_text(in->email)), &id));
	return id != 0 ? ERR_EMAIL_TAKEN : ERR_OK;
}

enum err user_register_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct user_register_input *in = input;
	bool exists;
	TRY(check_policy(apply, in));
	TRY(check_form(apply, in));
	TRY(check_free(apply, in));
	TRY(user_exists_any(apply->db, &exists));

	int64_t user_id = id_next(apply->ids, apply->now_ms), guild_id = 0, channel_id = 0, session_id;
	TRY(sql_run(apply->db, QUERY_USER_INSERT,
		    SQL_ARGS(sql_id(user_id), sql_text(in->username), sql_text(in->email),
			     sql_text(filled(in->display_name)), sql_text(in->password_hash),
			     sql_int(!exists)), /* who sets the server up administers it */
		    NULL));
	if (filled(in->workspace) != NULL) {
		TRY(guild_create(apply, user_id, in->workspace, &guild_id, &channel_id));
	} else if (filled(in->invite) != NULL) {
		struct invite invite;
		bool is_new;
		TRY(invite_use(apply, in->invite, user_id, &invite, &is_new));
		guild_id = invite.guild_id;
		TRY(invite_arrive(apply, &invite, user_id, &channel_id));
	}
	TRY(session_open(apply,
			 &(struct session_opening){.user_id = user_id,
						   .kind = in->session_kind,
						   .digest = in->session_digest,
						   .device = in->device,
						   .address = in->address},
			 &session_id));

	struct user user;
	TRY(user_find(apply->db, apply->arena, user_id, &user));
	user_self_to_json(result, "user", &user);
	jw_id(result, "session_id", session_id);
	jw_id(result, "guild_id", guild_id);
	jw_id(result, "channel_id", channel_id);
	return ERR_OK;
}

enum err user_password_apply(struct apply *apply, const void *input, struct jw *result)
{
	const struct user_password_input *in = input;
	struct user_credentials credentials;
	TRY(user_find_credentials(apply->db, apply->arena, in->login, &credentials));
	TRY(sql_run(apply->db, QUERY_USER_SET_PASSWORD,
		    SQL_ARGS(sql_id(credentials.user_id), sql_text(in->password_hash)), NULL));
	/* A code that was mailed before is for a password that is no more. */
	TRY(sql_run(apply->db, QUERY_PASSWORD_RESET_END, SQL_ARGS(sql_id(credentials.user_id)), NULL));
	TRY(session_end_all(apply, credentials.user_id));
	TRY(security_event_add(apply, SECURITY_PASSWORD_RESET, credentials.user_id, "on the command line"));
	jw_id(result, "user_id", credentials.user_id);
	return ERR_OK;
}
