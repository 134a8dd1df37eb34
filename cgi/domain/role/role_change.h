/* What all changes of roles have in common; store only. */
#ifndef SNUG_DOMAIN_ROLE_CHANGE_H
#define SNUG_DOMAIN_ROLE_CHANGE_H

#include "domain/audit/audit.h"
#include "domain/role/role.h"

enum err role_insert(struct apply *apply, const struct role *role) MUST_USE;

/* Appends GUILD_ROLE_CREATE or GUILD_ROLE_UPDATE. */
enum err role_announce(struct apply *apply, const char *type, const struct role *role) MUST_USE;

/* Begins changes with all that differs; NULL is a role that was, or is, not there. */
void role_compare(struct apply *apply, const struct role *before, const struct role *after,
		  struct audit_changes *changes);

enum err role_audit(struct apply *apply, enum audit_action action, const struct role *role,
		    struct audit_changes *changes) MUST_USE;

#endif
