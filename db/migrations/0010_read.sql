-- Who has read what. How far somebody has read a channel or thread stands with their being in it, so that leaving ends both
-- and coming begins at the newest message (the trigger below). NULL: nothing had been written when they came.
ALTER TABLE channel_members ADD COLUMN last_read_id INTEGER;
UPDATE channel_members SET last_read_id = (SELECT c.last_message_id FROM channels c WHERE c.id = channel_members.channel_id);

-- Unread messages are counted without reading them: the messages of a channel are cut into blocks, and for each block that
-- is full stands here how many of its messages are left, of all people and of each. A block is named by its last message.
CREATE TABLE message_blocks (
	channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
	last_id INTEGER NOT NULL,
	message_count INTEGER NOT NULL CHECK (message_count >= 0),
	PRIMARY KEY (channel_id, last_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE message_block_authors (
	channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
	author_id INTEGER NOT NULL,
	last_id INTEGER NOT NULL,
	message_count INTEGER NOT NULL CHECK (message_count >= 0),
	PRIMARY KEY (channel_id, author_id, last_id)
) STRICT, WITHOUT ROWID;

-- Of the block that is not full yet: behind which message it begins, and how many were posted into it, deleted ones included.
ALTER TABLE channels ADD COLUMN sealed_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE channels ADD COLUMN open_count INTEGER NOT NULL DEFAULT 0;

-- What is left of a block is counted in this index alone, so all that is asked then stands in it: who wrote a message, to
-- leave out one's own, and the column of its own condition, without which SQLite would read each message for that.
DROP INDEX messages_by_channel;
CREATE INDEX messages_by_channel ON messages (channel_id, id, author_id, deleted_at_ms) WHERE deleted_at_ms IS NULL;

-- What was written so far. domain/read/read.h has the same number of messages in a block.
INSERT INTO message_blocks (channel_id, last_id, message_count)
SELECT channel_id, max(id), count(*) FROM (
	SELECT channel_id, id, (row_number() OVER (PARTITION BY channel_id ORDER BY id) - 1) / 64 AS block
	FROM messages WHERE deleted_at_ms IS NULL)
GROUP BY channel_id, block HAVING count(*) = 64;
INSERT INTO message_block_authors (channel_id, author_id, last_id, message_count)
SELECT m.channel_id, m.author_id,
	(SELECT min(b.last_id) FROM message_blocks b WHERE b.channel_id = m.channel_id AND b.last_id >= m.id) AS block, count(*)
FROM messages m WHERE m.deleted_at_ms IS NULL GROUP BY m.channel_id, m.author_id, block HAVING block IS NOT NULL;
UPDATE channels SET sealed_id = coalesce((SELECT max(b.last_id) FROM message_blocks b WHERE b.channel_id = channels.id), 0);
UPDATE channels SET open_count = (SELECT count(*) FROM messages m
	WHERE m.channel_id = channels.id AND m.id > channels.sealed_id AND m.deleted_at_ms IS NULL);

-- How many people are in a channel: counting them would take longer the more there are. Kept by triggers, because people
-- come and go in many ways and none of them may be forgotten.
ALTER TABLE channels ADD COLUMN member_count INTEGER NOT NULL DEFAULT 0;
UPDATE channels SET member_count = (SELECT count(*) FROM channel_members m WHERE m.channel_id = channels.id);
CREATE TRIGGER channel_members_come AFTER INSERT ON channel_members BEGIN
	UPDATE channels SET member_count = member_count + 1 WHERE id = NEW.channel_id;
	UPDATE channel_members SET last_read_id = (SELECT c.last_message_id FROM channels c WHERE c.id = NEW.channel_id)
	WHERE channel_id = NEW.channel_id AND user_id = NEW.user_id AND NEW.last_read_id IS NULL;
END;
CREATE TRIGGER channel_members_go AFTER DELETE ON channel_members BEGIN
	UPDATE channels SET member_count = member_count - 1 WHERE id = OLD.channel_id;
END;

-- Whether others are shown how far somebody has read, and they how far others have.
ALTER TABLE users ADD COLUMN has_read_receipts INTEGER NOT NULL DEFAULT 1 CHECK (has_read_receipts IN (0, 1));
CREATE INDEX users_without_receipts ON users (id) WHERE has_read_receipts = 0;
