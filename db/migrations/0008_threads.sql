-- Threads are channels of the types 11 (public) and 12 (private) whose parent is a channel of the workspace. They stand in
-- no list of channels and share their names. Who sees one is decided by the parent's permissions; who follows one, and
-- who is in a private one, stands in channel_members. One that was started from a message has that message's id.
CREATE TABLE channels_and_threads (
	id INTEGER PRIMARY KEY,
	guild_id INTEGER REFERENCES guilds (id) ON DELETE CASCADE,
	home_guild_id INTEGER REFERENCES guilds (id) ON DELETE CASCADE,
	parent_id INTEGER REFERENCES channels (id),
	owner_id INTEGER REFERENCES users (id),
	type INTEGER NOT NULL CHECK (type IN (0, 1, 3, 4, 11, 12)),
	name TEXT NOT NULL,
	topic TEXT,
	position INTEGER NOT NULL DEFAULT 0,
	slow_mode_s INTEGER NOT NULL DEFAULT 0,
	is_default INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1)), -- newcomers land in it
	last_message_id INTEGER,
	archived_at_ms INTEGER,
	deleted_at_ms INTEGER,
	is_purged INTEGER NOT NULL DEFAULT 0,
	is_locked INTEGER NOT NULL DEFAULT 0 CHECK (is_locked IN (0, 1)), -- a thread in which only moderators write
	CHECK ((guild_id IS NULL) = (type IN (1, 3))),
	CHECK ((home_guild_id IS NOT NULL) = (type = 3)),
	CHECK (type NOT IN (11, 12) OR parent_id IS NOT NULL)
) STRICT;
INSERT INTO channels_and_threads (id, guild_id, home_guild_id, parent_id, owner_id, type, name, topic, position, slow_mode_s,
	is_default, last_message_id, archived_at_ms, deleted_at_ms, is_purged)
SELECT id, guild_id, home_guild_id, parent_id, owner_id, type, name, topic, position, slow_mode_s, is_default, last_message_id,
	archived_at_ms, deleted_at_ms, is_purged
FROM channels;
DROP TABLE channels;
ALTER TABLE channels_and_threads RENAME TO channels;
CREATE INDEX channels_to_purge ON channels (id) WHERE deleted_at_ms IS NOT NULL AND is_purged = 0;
CREATE UNIQUE INDEX channels_by_name ON channels (guild_id, type, name COLLATE NOCASE)
WHERE deleted_at_ms IS NULL AND guild_id IS NOT NULL AND type IN (0, 4);
CREATE INDEX channels_by_guild ON channels (guild_id, position, id) WHERE deleted_at_ms IS NULL AND type IN (0, 4);
CREATE INDEX channels_by_home_guild ON channels (home_guild_id) WHERE home_guild_id IS NOT NULL;
CREATE INDEX channels_by_owner ON channels (owner_id) WHERE owner_id IS NOT NULL;
-- A category's channels; a channel's threads, open ones first by id, then by when they were archived.
CREATE INDEX channels_by_parent ON channels (parent_id, type, archived_at_ms) WHERE parent_id IS NOT NULL;
CREATE INDEX threads_by_guild ON channels (guild_id, archived_at_ms) WHERE deleted_at_ms IS NULL AND type IN (11, 12);

-- What a thread has beyond its row in channels. Its messages are counted as they come and go, so that nobody has to.
CREATE TABLE threads (
	id INTEGER PRIMARY KEY REFERENCES channels (id) ON DELETE CASCADE,
	notice_id INTEGER, -- the message that told the parent's readers of it, when it was started without one of theirs
	auto_archive_min INTEGER NOT NULL CHECK (auto_archive_min IN (60, 1440, 4320, 10080)),
	is_invitable INTEGER NOT NULL DEFAULT 1 CHECK (is_invitable IN (0, 1)), -- whoever is in a private one may add others
	created_at_ms INTEGER NOT NULL, -- its id may be that of an older message
	opened_at_ms INTEGER NOT NULL, -- when it was started, or opened again
	-- When to look whether it was idle for long enough, NULL while it is archived. Posts leave this alone.
	idle_check_at_ms INTEGER,
	message_count INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX threads_by_idle_check ON threads (idle_check_at_ms) WHERE idle_check_at_ms IS NOT NULL;

-- Somebody may follow thousands of threads, most of them archived: their channels are found without these.
ALTER TABLE channel_members ADD COLUMN is_thread INTEGER NOT NULL DEFAULT 0 CHECK (is_thread IN (0, 1));
DROP INDEX channel_members_by_user;
CREATE INDEX channel_members_by_user ON channel_members (user_id, is_thread, channel_id);

-- Whoever may write may start threads and write in them, make polls and send voice messages; where writing was taken
-- away, these are taken away along with it. Moderators, of a workspace or of one channel, manage threads.
UPDATE roles SET permissions = permissions | (3 << 35) | (1 << 38) | (1 << 46) | (1 << 49)
WHERE id = guild_id AND permissions & (1 << 11) <> 0;
UPDATE roles SET permissions = permissions | (1 << 34) WHERE id <> guild_id AND permissions & (1 << 13) <> 0;
UPDATE overwrites SET deny = deny | (((3 << 35) | (1 << 38) | (1 << 46) | (1 << 49)) & ~allow) WHERE deny & (1 << 11) <> 0;
UPDATE overwrites SET allow = allow | (1 << 34) WHERE target = 1 AND allow & (1 << 1) <> 0 AND deny & (1 << 34) = 0;
