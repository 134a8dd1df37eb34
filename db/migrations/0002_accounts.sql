-- Accounts in full: profiles, pictures, second factors, resets, blocks, and what happened to whom.
-- A deleted account keeps its row, emptied, so that what it wrote still has an author.

ALTER TABLE users ADD COLUMN about TEXT;
ALTER TABLE users ADD COLUMN pronouns TEXT;
ALTER TABLE users ADD COLUMN time_zone TEXT;
ALTER TABLE users ADD COLUMN deleted_at_ms INTEGER;

-- Who administers the server as a whole: suspends accounts, sees security events. The first account does.
ALTER TABLE users ADD COLUMN is_admin INTEGER NOT NULL DEFAULT 0 CHECK (is_admin IN (0, 1));
UPDATE users SET is_admin = 1 WHERE id = (SELECT min(id) FROM users WHERE is_bot = 0);

-- A bot belongs to the workspace it was made in and to who answers for it.
ALTER TABLE users ADD COLUMN bot_guild_id INTEGER REFERENCES guilds (id);
ALTER TABLE users ADD COLUMN bot_owner_id INTEGER REFERENCES users (id);
CREATE INDEX users_by_bot_guild ON users (bot_guild_id) WHERE bot_guild_id IS NOT NULL;
CREATE INDEX users_by_bot_owner ON users (bot_owner_id) WHERE bot_owner_id IS NOT NULL;

-- The second factor. A secret without totp_enabled_at_ms is one that its owner has not confirmed yet; totp_last_step
-- is the time step of the last code that was taken, and no code of that step or an earlier one is taken again.
ALTER TABLE users ADD COLUMN totp_secret BLOB;
ALTER TABLE users ADD COLUMN totp_enabled_at_ms INTEGER;
ALTER TABLE users ADD COLUMN totp_last_step INTEGER NOT NULL DEFAULT 0;

CREATE TABLE recovery_codes (
	user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	digest BLOB NOT NULL,
	PRIMARY KEY (user_id, digest)
) STRICT, WITHOUT ROWID;

-- One an account: asking again replaces what was sent before. allowed_at_ms bounds how often somebody is sent mail,
-- as a generic cell rate does (base/gcra.h): when all that was taken is given back.
CREATE TABLE password_resets (
	user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
	digest BLOB NOT NULL UNIQUE,
	expires_at_ms INTEGER NOT NULL,
	allowed_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX password_resets_by_expiry ON password_resets (expires_at_ms);

CREATE TABLE blocks (
	user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	blocked_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	created_at_ms INTEGER NOT NULL,
	PRIMARY KEY (user_id, blocked_id),
	CHECK (user_id <> blocked_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX blocks_by_blocked ON blocks (blocked_id);

-- Avatars and icons, decoded and encoded again before they come here. hash names the content: users.avatar, guilds.icon.
CREATE TABLE pictures (
	hash TEXT PRIMARY KEY,
	content BLOB NOT NULL
) STRICT;
CREATE INDEX users_by_avatar ON users (avatar) WHERE avatar IS NOT NULL;

-- What an administrator wants to know of afterwards: failed logins, token reuse, revocations, refused posts, factors.
CREATE TABLE security_events (
	id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL,
	user_id INTEGER,
	address TEXT,
	detail TEXT
) STRICT;
CREATE INDEX security_events_by_kind ON security_events (kind, id);
CREATE INDEX security_events_by_user ON security_events (user_id, id) WHERE user_id IS NOT NULL;
