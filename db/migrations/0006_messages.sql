-- Messages in full. What a message has beyond its text stands in tables of its own; parts says in which of them it has rows
-- (domain/message/message.h), so that a plain message is one row and one read.
ALTER TABLE messages ADD COLUMN flags INTEGER NOT NULL DEFAULT 0; -- Discord's
ALTER TABLE messages ADD COLUMN parts INTEGER NOT NULL DEFAULT 0;

-- What a reply answers, in the same channel; what a notice of a thread (type 18) leads to is reference_channel_id.
ALTER TABLE messages ADD COLUMN reference_id INTEGER;
ALTER TABLE messages ADD COLUMN reference_channel_id INTEGER;

-- Whom a message mentions: people, roles, and everyone (target_id is the workspace's; of a group, the channel's own id).
-- Counting somebody's mentions in a channel is a range of each of their targets. author_id saves reading the message.
CREATE TABLE mentions (
	target_id INTEGER NOT NULL,
	channel_id INTEGER NOT NULL,
	message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
	author_id INTEGER NOT NULL,
	target INTEGER NOT NULL CHECK (target IN (0, 1, 2)), -- a role, a person, everyone
	PRIMARY KEY (target_id, channel_id, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_by_message ON mentions (message_id);

-- Who else is named in a message's text, which tells nobody: what allowed_mentions, a missing permission or a block left
-- out, and who a forwarded text names. Only so that readers see names.
CREATE TABLE message_names (
	message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
	target_id INTEGER NOT NULL,
	target INTEGER NOT NULL CHECK (target IN (0, 1)), -- a role, a person
	PRIMARY KEY (message_id, target_id)
) STRICT, WITHOUT ROWID;

-- What bots put under their messages, and previews of links: Discord's embed objects.
CREATE TABLE message_embeds (
	message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
	position INTEGER NOT NULL,
	is_preview INTEGER NOT NULL DEFAULT 0 CHECK (is_preview IN (0, 1)), -- of a link in the text: made by snug-worker
	embed TEXT NOT NULL,
	PRIMARY KEY (message_id, position)
) STRICT, WITHOUT ROWID;

-- A forward is a copy: it does not say where it was taken from.
CREATE TABLE message_snapshots (
	message_id INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
	content TEXT NOT NULL,
	sent_at_ms INTEGER NOT NULL,
	edited_at_ms INTEGER
) STRICT;

-- Pinned messages, at most 50 a channel.
CREATE TABLE pins (
	channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
	message_id INTEGER NOT NULL UNIQUE REFERENCES messages (id) ON DELETE CASCADE,
	pinned_at_ms INTEGER NOT NULL,
	pinned_by INTEGER NOT NULL,
	PRIMARY KEY (channel_id, pinned_at_ms)
) STRICT, WITHOUT ROWID;
