#include "run/run_owner.h"

#include <grp.h>
#include <unistd.h>

void run_owners_init(struct run_owners *owners, int64_t uid_base)
{
	owners->is_root = geteuid() == 0;
	for (int i = 0; i < RUN_OWNER_COUNT; i++) {
		owners->uids[i] = owners->is_root ? (uid_t)(uid_base + i) : geteuid();
		owners->gids[i] = owners->is_root ? (gid_t)uid_base : getegid();
	}
	if (owners->is_root)
		owners->gids[RUN_OWNER_LIGHTTPD] = (gid_t)(uid_base + RUN_OWNER_LIGHTTPD);
}

bool run_owner_become(const struct run_owners *owners, enum run_owner owner)
{
	if (!owners->is_root)
		return true;
	uid_t uid = owners->uids[owner];
	gid_t gid = owners->gids[owner];
	return setgroups(0, NULL) == 0 && setresgid(gid, gid, gid) == 0 && setresuid(uid, uid, uid) == 0;
}
