-- Reactions, custom emoji, polls, and what people keep for later.

-- Emoji of a workspace. picture names the content in pictures, which is WebP: see domain/picture.
CREATE TABLE emojis (
	id INTEGER PRIMARY KEY,
	guild_id INTEGER NOT NULL REFERENCES guilds (id) ON DELETE CASCADE,
	user_id INTEGER NOT NULL REFERENCES users (id), -- who added it
	name TEXT NOT NULL,
	picture TEXT NOT NULL,
	is_animated INTEGER NOT NULL DEFAULT 0 CHECK (is_animated IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX emojis_by_name ON emojis (guild_id, name);
CREATE INDEX emojis_by_user ON emojis (user_id);
CREATE INDEX emojis_by_picture ON emojis (picture);

-- With what people react to a message: a row an emoji, in order of first use, and how many have. emoji_id 0 is a character
-- of Unicode, which is name; of a custom one name is what it was called when it was first used here, for when it is deleted.
CREATE TABLE reaction_kinds (
	message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
	position INTEGER NOT NULL,
	emoji_id INTEGER NOT NULL,
	name TEXT NOT NULL,
	count INTEGER NOT NULL CHECK (count > 0), -- of its rows in reactions
	PRIMARY KEY (message_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE reactions (
	message_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	user_id INTEGER NOT NULL REFERENCES users (id),
	PRIMARY KEY (message_id, position, user_id),
	FOREIGN KEY (message_id, position) REFERENCES reaction_kinds (message_id, position) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX reactions_by_user ON reactions (user_id, message_id, position);

-- Polls: one a message at most. ended_at_ms is when the results became final, which the store sees to once the time is over.
CREATE TABLE polls (
	message_id INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
	question TEXT NOT NULL,
	expires_at_ms INTEGER NOT NULL,
	is_multiple INTEGER NOT NULL CHECK (is_multiple IN (0, 1)),
	ended_at_ms INTEGER
) STRICT;
CREATE INDEX polls_to_end ON polls (expires_at_ms) WHERE ended_at_ms IS NULL;

CREATE TABLE poll_answers (
	message_id INTEGER NOT NULL REFERENCES polls (message_id) ON DELETE CASCADE,
	answer_id INTEGER NOT NULL, -- from 1 on
	text TEXT NOT NULL,
	emoji_id INTEGER NOT NULL DEFAULT 0,
	emoji_name TEXT, -- NULL: it has none
	count INTEGER NOT NULL DEFAULT 0 CHECK (count >= 0), -- of its rows in poll_votes
	PRIMARY KEY (message_id, answer_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE poll_votes (
	message_id INTEGER NOT NULL,
	answer_id INTEGER NOT NULL,
	user_id INTEGER NOT NULL REFERENCES users (id),
	PRIMARY KEY (message_id, answer_id, user_id),
	FOREIGN KEY (message_id, answer_id) REFERENCES poll_answers (message_id, answer_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX poll_votes_by_user ON poll_votes (user_id, message_id);

-- Accounts that were deleted with all they wrote, whose reactions and votes are still to be taken back.
CREATE TABLE reaction_removals (
	user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE
) STRICT;

-- Messages that somebody keeps for later. id is made when it is saved: it orders the list and is its cursor.
CREATE TABLE saved_messages (
	id INTEGER PRIMARY KEY,
	user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
	channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX saved_messages_by_message ON saved_messages (message_id, user_id);
CREATE INDEX saved_messages_by_user ON saved_messages (user_id, id);
CREATE INDEX saved_messages_by_channel ON saved_messages (channel_id);
