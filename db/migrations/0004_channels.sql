-- Channels of all kinds. type is Discord's: 0 text, 1 direct message, 3 group, 4 category. A direct message belongs to
-- no workspace; a group shows none either, but its people are those of home_guild_id.
CREATE TABLE channels_of_all_kinds (
	id INTEGER PRIMARY KEY,
	guild_id INTEGER REFERENCES guilds (id) ON DELETE CASCADE,
	home_guild_id INTEGER REFERENCES guilds (id) ON DELETE CASCADE,
	parent_id INTEGER REFERENCES channels (id),
	owner_id INTEGER REFERENCES users (id),
	type INTEGER NOT NULL CHECK (type IN (0, 1, 3, 4)),
	name TEXT NOT NULL,
	topic TEXT,
	position INTEGER NOT NULL DEFAULT 0,
	slow_mode_s INTEGER NOT NULL DEFAULT 0,
	is_default INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1)), -- newcomers land in it
	last_message_id INTEGER,
	archived_at_ms INTEGER,
	deleted_at_ms INTEGER,
	is_purged INTEGER NOT NULL DEFAULT 0,
	CHECK ((guild_id IS NULL) = (type IN (1, 3))),
	CHECK ((home_guild_id IS NOT NULL) = (type = 3))
) STRICT;
INSERT INTO channels_of_all_kinds (id, guild_id, parent_id, type, name, topic, position, slow_mode_s, last_message_id,
	deleted_at_ms, is_purged)
SELECT id, guild_id, parent_id, type, name, topic, position, slow_mode_s, last_message_id, deleted_at_ms, is_purged
FROM channels;
DROP TABLE channels;
ALTER TABLE channels_of_all_kinds RENAME TO channels;
CREATE INDEX channels_to_purge ON channels (id) WHERE deleted_at_ms IS NOT NULL AND is_purged = 0;
CREATE UNIQUE INDEX channels_by_name ON channels (guild_id, type, name COLLATE NOCASE)
WHERE deleted_at_ms IS NULL AND guild_id IS NOT NULL;
CREATE INDEX channels_by_guild ON channels (guild_id, position, id) WHERE deleted_at_ms IS NULL;
CREATE INDEX channels_by_home_guild ON channels (home_guild_id) WHERE home_guild_id IS NOT NULL;
CREATE INDEX channels_by_parent ON channels (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX channels_by_owner ON channels (owner_id) WHERE owner_id IS NOT NULL;
UPDATE channels SET owner_id = (SELECT g.owner_id FROM guilds g WHERE g.id = channels.guild_id) WHERE type = 0;
UPDATE channels SET is_default = 1 WHERE id IN (SELECT min(id) FROM channels WHERE type = 0 AND name = 'general' GROUP BY guild_id);

-- Who is in a channel: the one source of membership. Who may see a channel of a workspace is decided by permission;
-- of groups and direct messages by this table alone. Nobody is in a channel that they may not see.
CREATE TABLE channel_members (
	channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
	user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	joined_at_ms INTEGER NOT NULL,
	muted_until_ms INTEGER, -- NULL: not muted; 0: until further notice
	notification_level INTEGER CHECK (notification_level IN (0, 1, 2)), -- all, mentions, nothing; NULL: the person's own
	is_hidden INTEGER NOT NULL DEFAULT 0 CHECK (is_hidden IN (0, 1)), -- a direct message that its reader closed
	PRIMARY KEY (channel_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX channel_members_by_user ON channel_members (user_id, channel_id);
-- Until now whoever could see a channel was shown it: they are in it.
INSERT INTO channel_members (channel_id, user_id, joined_at_ms)
SELECT c.id, m.user_id, m.joined_at_ms FROM channels c JOIN members m ON m.guild_id = c.guild_id
WHERE c.type = 0 AND c.deleted_at_ms IS NULL AND (
	NOT EXISTS (SELECT 1 FROM overwrites o WHERE o.channel_id = c.id AND o.target_id = c.guild_id AND o.deny & 1024 <> 0)
	OR EXISTS (SELECT 1 FROM overwrites o WHERE o.channel_id = c.id AND o.target_id = m.user_id AND o.allow & 1024 <> 0));

-- The direct message of two people, lower id first: there is one at most.
CREATE TABLE direct_messages (
	first_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	second_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	channel_id INTEGER NOT NULL UNIQUE REFERENCES channels (id) ON DELETE CASCADE,
	PRIMARY KEY (first_id, second_id),
	CHECK (first_id < second_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX direct_messages_by_second ON direct_messages (second_id);

CREATE TABLE channel_bans (
	channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
	user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	banned_by INTEGER,
	reason TEXT,
	created_at_ms INTEGER NOT NULL,
	PRIMARY KEY (channel_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX channel_bans_by_user ON channel_bans (user_id);

-- When somebody last posted where slow mode is on.
CREATE TABLE slow_mode_posts (
	channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
	user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	posted_at_ms INTEGER NOT NULL,
	PRIMARY KEY (channel_id, user_id)
) STRICT, WITHOUT ROWID;
