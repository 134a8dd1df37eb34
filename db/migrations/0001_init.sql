-- The first schema. Ids are snowflakes, times are milliseconds since 1970 UTC.
-- Tables that name a thing keep its row after deletion only where a retry or an event must still find it.

CREATE TABLE meta (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- epoch is the high part of every event's seq; a restore from backup raises it, so that no cursor crosses histories.
-- pruned is the highest seq that is no longer kept.
INSERT INTO meta (key, value) VALUES ('epoch', '1'), ('pruned', '0');

CREATE TABLE users (
	id INTEGER PRIMARY KEY,
	username TEXT NOT NULL UNIQUE COLLATE NOCASE,
	email TEXT UNIQUE COLLATE NOCASE,
	display_name TEXT,
	avatar TEXT,
	password_hash TEXT,
	is_bot INTEGER NOT NULL DEFAULT 0 CHECK (is_bot IN (0, 1)),
	is_suspended INTEGER NOT NULL DEFAULT 0 CHECK (is_suspended IN (0, 1))
) STRICT;

-- Everything that speaks for an account: cookie sessions, families of refresh tokens, personal and bot tokens.
-- digest is BLAKE2b-256 of the secret; of a family it is the refresh token that is valid now.
CREATE TABLE sessions (
	id INTEGER PRIMARY KEY,
	user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	kind TEXT NOT NULL CHECK (kind IN ('cookie', 'refresh', 'token', 'bot')),
	digest BLOB NOT NULL UNIQUE,
	name TEXT,
	device TEXT,
	address TEXT,
	created_at_ms INTEGER NOT NULL,
	last_used_at_ms INTEGER NOT NULL,
	expires_at_ms INTEGER,
	ended_at_ms INTEGER
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id, kind) WHERE ended_at_ms IS NULL;
CREATE INDEX sessions_by_expiry ON sessions (expires_at_ms) WHERE expires_at_ms IS NOT NULL;

-- Refresh tokens that were used: seeing one again ends its family.
CREATE TABLE used_refresh_tokens (
	digest BLOB PRIMARY KEY,
	session_id INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX used_refresh_tokens_by_session ON used_refresh_tokens (session_id);

CREATE TABLE guilds (
	id INTEGER PRIMARY KEY,
	owner_id INTEGER NOT NULL REFERENCES users (id),
	name TEXT NOT NULL,
	icon TEXT,
	description TEXT
) STRICT;

-- The role whose id is the guild's is @everyone; no member_roles row names it.
CREATE TABLE roles (
	id INTEGER PRIMARY KEY,
	guild_id INTEGER NOT NULL REFERENCES guilds (id) ON DELETE CASCADE,
	name TEXT NOT NULL,
	permissions INTEGER NOT NULL,
	position INTEGER NOT NULL,
	color INTEGER NOT NULL DEFAULT 0,
	is_hoisted INTEGER NOT NULL DEFAULT 0,
	is_mentionable INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX roles_by_guild ON roles (guild_id, position, id);

CREATE TABLE members (
	guild_id INTEGER NOT NULL REFERENCES guilds (id) ON DELETE CASCADE,
	user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	nickname TEXT,
	joined_at_ms INTEGER NOT NULL,
	PRIMARY KEY (guild_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_user ON members (user_id, guild_id);

CREATE TABLE member_roles (
	guild_id INTEGER NOT NULL,
	user_id INTEGER NOT NULL,
	role_id INTEGER NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
	PRIMARY KEY (guild_id, user_id, role_id),
	FOREIGN KEY (guild_id, user_id) REFERENCES members (guild_id, user_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX member_roles_by_role ON member_roles (role_id);

-- A deleted channel keeps its row and overwrites, so that CHANNEL_DELETE reaches those who saw it.
CREATE TABLE channels (
	id INTEGER PRIMARY KEY,
	guild_id INTEGER NOT NULL REFERENCES guilds (id) ON DELETE CASCADE,
	parent_id INTEGER REFERENCES channels (id),
	type INTEGER NOT NULL CHECK (type IN (0, 4)),
	name TEXT NOT NULL,
	topic TEXT,
	position INTEGER NOT NULL DEFAULT 0,
	slow_mode_s INTEGER NOT NULL DEFAULT 0,
	last_message_id INTEGER,
	deleted_at_ms INTEGER,
	is_purged INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX channels_to_purge ON channels (id) WHERE deleted_at_ms IS NOT NULL AND is_purged = 0;
CREATE UNIQUE INDEX channels_by_name ON channels (guild_id, type, name COLLATE NOCASE) WHERE deleted_at_ms IS NULL;
CREATE INDEX channels_by_guild ON channels (guild_id, position, id) WHERE deleted_at_ms IS NULL;
CREATE INDEX channels_by_parent ON channels (parent_id) WHERE parent_id IS NOT NULL;

-- target 0 is a role, 1 a member, as in Discord.
CREATE TABLE overwrites (
	channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
	target_id INTEGER NOT NULL,
	target INTEGER NOT NULL CHECK (target IN (0, 1)),
	allow INTEGER NOT NULL,
	deny INTEGER NOT NULL,
	PRIMARY KEY (channel_id, target_id),
	CHECK (allow & deny = 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE invites (
	code TEXT PRIMARY KEY,
	guild_id INTEGER NOT NULL REFERENCES guilds (id) ON DELETE CASCADE,
	channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
	inviter_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	max_uses INTEGER NOT NULL,
	uses INTEGER NOT NULL DEFAULT 0,
	max_age_s INTEGER NOT NULL,
	is_temporary INTEGER NOT NULL DEFAULT 0,
	created_at_ms INTEGER NOT NULL,
	expires_at_ms INTEGER,
	CHECK (max_uses = 0 OR uses <= max_uses)
) STRICT, WITHOUT ROWID;
CREATE INDEX invites_by_guild ON invites (guild_id, created_at_ms);

-- A deleted message keeps its row without its text, so that a retry with its nonce finds it deleted and posts nothing.
CREATE TABLE messages (
	id INTEGER PRIMARY KEY,
	channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
	author_id INTEGER NOT NULL REFERENCES users (id),
	type INTEGER NOT NULL DEFAULT 0,
	content TEXT NOT NULL,
	nonce TEXT,
	edited_at_ms INTEGER,
	deleted_at_ms INTEGER
) STRICT;
CREATE INDEX messages_by_channel ON messages (channel_id, id) WHERE deleted_at_ms IS NULL;
CREATE UNIQUE INDEX messages_by_nonce ON messages (channel_id, author_id, nonce) WHERE nonce IS NOT NULL;
CREATE INDEX messages_by_author ON messages (author_id);

-- What a message said before each edit.
CREATE TABLE message_versions (
	message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
	replaced_at_ms INTEGER NOT NULL,
	content TEXT NOT NULL,
	PRIMARY KEY (message_id, replaced_at_ms)
) STRICT, WITHOUT ROWID;

-- The event log: domain/event/event.h says who sees which row.
CREATE TABLE events (
	seq INTEGER PRIMARY KEY,
	type TEXT NOT NULL,
	guild_id INTEGER,
	channel_id INTEGER,
	user_id INTEGER,
	message_id INTEGER,
	payload TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_message ON events (message_id) WHERE message_id IS NOT NULL;
