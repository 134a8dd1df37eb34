-- Workspaces in full: their end, time-outs, bans, the audit log.

-- A deleted workspace keeps its row, emptied, as its deleted channels and messages do; is_purged says that nothing else
-- of it is left.
ALTER TABLE guilds ADD COLUMN deleted_at_ms INTEGER;
ALTER TABLE guilds ADD COLUMN is_purged INTEGER NOT NULL DEFAULT 0 CHECK (is_purged IN (0, 1));
CREATE INDEX guilds_to_purge ON guilds (id) WHERE deleted_at_ms IS NOT NULL AND is_purged = 0;
CREATE INDEX guilds_by_owner ON guilds (owner_id);
CREATE INDEX guilds_by_icon ON guilds (icon) WHERE icon IS NOT NULL;

-- Roles are listed from the highest; of two in one position the older is higher.
DROP INDEX roles_by_guild;
CREATE INDEX roles_by_guild ON roles (guild_id, position DESC, id);

ALTER TABLE members ADD COLUMN timeout_until_ms INTEGER;
ALTER TABLE members ADD COLUMN is_temporary INTEGER NOT NULL DEFAULT 0 CHECK (is_temporary IN (0, 1));
CREATE INDEX members_temporary ON members (joined_at_ms) WHERE is_temporary = 1;

-- Whoever leaves while timed out finds the time-out again when they come back.
CREATE TABLE kept_timeouts (
	guild_id INTEGER NOT NULL REFERENCES guilds (id) ON DELETE CASCADE,
	user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	until_ms INTEGER NOT NULL,
	PRIMARY KEY (guild_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX kept_timeouts_by_user ON kept_timeouts (user_id);

CREATE TABLE bans (
	guild_id INTEGER NOT NULL REFERENCES guilds (id) ON DELETE CASCADE,
	user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	banned_by INTEGER,
	reason TEXT,
	created_at_ms INTEGER NOT NULL,
	PRIMARY KEY (guild_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX bans_by_user ON bans (user_id);

-- Messages that are still to be removed, of people who were banned or whose account is deleted: those of the author from
-- next_id to last_id.
CREATE TABLE message_removals (
	guild_id INTEGER NOT NULL, -- 0: wherever they are
	author_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	next_id INTEGER NOT NULL,
	last_id INTEGER NOT NULL,
	PRIMARY KEY (guild_id, author_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_removals_by_author ON message_removals (author_id);

-- Who did what to whom, with the values before and after: domain/audit/audit.h. action is Discord's number. channel_id
-- is that of the channel it is about, if it is about one: to who may not see that, the entry does not exist.
CREATE TABLE audit_log (
	id INTEGER PRIMARY KEY,
	guild_id INTEGER NOT NULL REFERENCES guilds (id) ON DELETE CASCADE,
	actor_id INTEGER NOT NULL,
	action INTEGER NOT NULL,
	target_id INTEGER,
	channel_id INTEGER,
	reason TEXT,
	changes TEXT NOT NULL,
	options TEXT
) STRICT;
CREATE INDEX audit_log_by_guild ON audit_log (guild_id, id);
CREATE INDEX audit_log_by_actor ON audit_log (guild_id, actor_id, id);
CREATE INDEX audit_log_by_action ON audit_log (guild_id, action, id);
CREATE INDEX audit_log_by_target ON audit_log (guild_id, target_id, id) WHERE target_id IS NOT NULL;
