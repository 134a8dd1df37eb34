/* Changes of roles. */
#include "domain/perm.h"
#include "domain/role/role.h"

enum err role_create_initial(struct apply *apply, int64_t guild_id)
{
	static const struct {
		const char *name;
		uint64_t bits;
	} initial[] = {
	    {"@everyone", PERM_EVERYONE_INITIAL},
	    {"Member", 0},
	    {"Moderator", PERM_KICK_MEMBERS | PERM_BAN_MEMBERS | PERM_MODERATE_MEMBERS | PERM_MANAGE_MESSAGES |
			      PERM_MANAGE_NICKNAMES | PERM_MANAGE_THREADS | PERM_MENTION_EVERYONE |
			      PERM_VIEW_AUDIT_LOG},
	    {"Admin", PERM_ADMINISTRATOR},
	};
	for (size_t i = 0; i < sizeof(initial) / sizeof(initial[0]); i++) {
		int64_t id = i == 0 ? guild_id : id_next(apply->ids, apply->now_ms);
		TRY(sql_run(apply->db, QUERY_ROLE_INSERT,
			    SQL_ARGS(sql_id(id), sql_id(guild_id), sql_text(initial[i].name),
				     sql_int((int64_t)initial[i].bits), sql_int((int64_t)i)),
			    NULL));
	}
	return ERR_OK;
}
