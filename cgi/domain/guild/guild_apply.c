/* Changes of workspaces. */
#include "base/utf8.h"
#include "domain/channel/channel.h"
#include "domain/guild/guild.h"
#include "domain/member/member.h"
#include "domain/role/role.h"

#include <string.h>

enum err guild_create(struct apply *apply, int64_t owner_id, const char *name, int64_t *guild_id, int64_t *channel_id)
{
	size_t chars = utf8_count(name, strlen(name));
	if (chars < GUILD_NAME_MIN || chars > GUILD_NAME_MAX) {
		field_errors_add(&apply->errors, "workspace", "BASE_TYPE_BAD_LENGTH",
				 "Must be between 2 and 100 in length.");
		return ERR_INVALID_FORM;
	}
	*guild_id = id_next(apply->ids, apply->now_ms);
	bool is_new;
	TRY(sql_run(apply->db, QUERY_GUILD_INSERT, SQL_ARGS(sql_id(*guild_id), sql_id(owner_id), sql_text(name)),
		    NULL));
	TRY(role_create_initial(apply, *guild_id));
	TRY(channel_create_general(apply, *guild_id, channel_id));
	return member_add(apply, *guild_id, owner_id, &is_new);
}
