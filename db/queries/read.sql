-- How far people have read, and how much there is beyond: cgi/domain/read.

-- name: read_post
UPDATE channels SET last_message_id = ?2, open_count = open_count + 1 WHERE id = ?1;

-- name: read_post_open
-- How many there are in the block that is open, and behind which message it begins. RETURNING costs more than this.
SELECT open_count, sealed_id FROM channels WHERE id = ?1;

-- name: read_post_own
UPDATE channel_members SET last_read_id = ?3 WHERE channel_id = ?1 AND user_id = ?2;

-- name: read_seal_authors
INSERT INTO message_block_authors (channel_id, author_id, last_id, message_count)
SELECT ?1, author_id, ?3, count(*) FROM messages
WHERE channel_id = ?1 AND id > ?2 AND id <= ?3 AND deleted_at_ms IS NULL GROUP BY author_id;

-- name: read_seal
INSERT INTO message_blocks (channel_id, last_id, message_count)
SELECT ?1, ?3, count(*) FROM messages WHERE channel_id = ?1 AND id > ?2 AND id <= ?3 AND deleted_at_ms IS NULL;

-- name: read_seal_done
UPDATE channels SET sealed_id = ?2, open_count = 0 WHERE id = ?1;

-- name: read_block_of
-- The full block that a message is in; nothing when it is in the open one.
SELECT min(last_id) FROM message_blocks WHERE channel_id = ?1 AND last_id >= ?2;

-- name: read_block_less
UPDATE message_blocks SET message_count = message_count - 1 WHERE channel_id = ?1 AND last_id = ?2;

-- name: read_block_less_of_author
UPDATE message_block_authors SET message_count = message_count - 1 WHERE channel_id = ?1 AND author_id = (SELECT author_id FROM messages WHERE id = ?2) AND last_id = ?3;

-- name: read_count_blocks
-- Of the full blocks behind one.
SELECT coalesce((SELECT sum(message_count) FROM message_blocks WHERE channel_id = ?1 AND last_id > ?2), 0)
	- coalesce((SELECT sum(message_count) FROM message_block_authors WHERE channel_id = ?1 AND author_id = ?3 AND last_id > ?2), 0);

-- name: read_count_range
-- Within one block: its index holds all that is asked.
SELECT count(*) FROM messages WHERE channel_id = ?1 AND id > ?2 AND id <= ?3 AND deleted_at_ms IS NULL AND author_id <> ?4;

-- name: read_count_mentions
-- A message counts once, in however many ways it mentions somebody; of those whom they have blocked none does.
SELECT count(DISTINCT message_id) FROM mentions WHERE target_id IN
	(SELECT ?3 UNION ALL SELECT ?4 UNION ALL SELECT role_id FROM member_roles WHERE guild_id = ?4 AND user_id = ?3)
AND channel_id = ?1 AND message_id > ?2 AND author_id <> ?3
AND NOT EXISTS (SELECT 1 FROM blocks WHERE user_id = ?3 AND blocked_id = author_id);

-- Lists of places that somebody is in: one function reads their columns.

-- name: read_find
SELECT c.id, c.type, c.guild_id, c.parent_id, c.last_message_id, c.sealed_id, c.member_count, coalesce(m.last_read_id, 0),
	m.muted_until_ms IS NOT NULL AND (m.muted_until_ms = 0 OR m.muted_until_ms > ?3)
FROM channel_members m JOIN channels c ON c.id = m.channel_id
WHERE m.channel_id = ?2 AND m.user_id = ?1 AND c.deleted_at_ms IS NULL;

-- name: read_list
-- Channels, or threads that are not archived.
SELECT c.id, c.type, c.guild_id, c.parent_id, c.last_message_id, c.sealed_id, c.member_count, coalesce(m.last_read_id, 0),
	m.muted_until_ms IS NOT NULL AND (m.muted_until_ms = 0 OR m.muted_until_ms > ?2)
FROM channel_members m JOIN channels c ON c.id = m.channel_id
WHERE m.user_id = ?1 AND m.is_thread = ?5 AND m.channel_id > ?3 AND c.deleted_at_ms IS NULL
	AND (?5 = 0 OR c.archived_at_ms IS NULL)
	AND (c.home_guild_id IS NULL OR EXISTS (SELECT 1 FROM members h WHERE h.guild_id = c.home_guild_id AND h.user_id = m.user_id))
ORDER BY m.channel_id LIMIT ?4;

-- name: read_list_behind
-- The channels and threads of a workspace in which something stands behind what somebody has read.
SELECT c.id, c.type, c.guild_id, c.parent_id, c.last_message_id, c.sealed_id, c.member_count, coalesce(m.last_read_id, 0), 0
FROM channel_members m JOIN channels c ON c.id = m.channel_id
WHERE m.user_id = ?1 AND c.guild_id = ?2 AND c.last_message_id > coalesce(m.last_read_id, 0) AND c.deleted_at_ms IS NULL
LIMIT ?3;

-- name: read_set
UPDATE channel_members SET last_read_id = ?3 WHERE channel_id = ?1 AND user_id = ?2;

-- name: read_message_exists
-- A deleted one too: a client that was slower than its deletion has read it all the same.
SELECT 1 FROM messages WHERE id = ?2 AND channel_id = ?1;

-- name: read_message_before
SELECT id FROM messages WHERE channel_id = ?1 AND id < ?2 AND deleted_at_ms IS NULL ORDER BY id DESC LIMIT 1;

-- name: read_first_unread
SELECT id FROM messages WHERE channel_id = ?1 AND id > ?2 AND deleted_at_ms IS NULL AND author_id <> ?3 ORDER BY id LIMIT 1;

-- name: read_readers
-- Those who were in the channel when the message came, and have read it since.
SELECT m.user_id FROM channel_members m JOIN users u ON u.id = m.user_id
WHERE m.channel_id = ?1 AND m.last_read_id >= ?2 AND m.joined_at_ms <= ?3 AND m.user_id <> ?4
	AND u.has_read_receipts = 1 AND u.is_bot = 0 AND u.deleted_at_ms IS NULL
ORDER BY m.user_id LIMIT ?5;

-- name: read_readers_count
-- Up to a number. Those who do not tell are looked up in an index that has no others, as reading each person takes longer.
SELECT count(*) FROM (SELECT 1 FROM channel_members m
	WHERE m.channel_id = ?1 AND m.last_read_id >= ?2 AND m.joined_at_ms <= ?3 AND m.user_id <> ?4
	AND NOT EXISTS (SELECT 1 FROM users u INDEXED BY users_not_readers WHERE u.id = m.user_id AND (u.has_read_receipts = 0 OR u.is_bot = 1))
	LIMIT ?5);

-- name: read_message_author
SELECT author_id FROM messages WHERE id = ?2 AND channel_id = ?1 AND deleted_at_ms IS NULL;

-- name: read_receipts_of
SELECT has_read_receipts FROM users WHERE id = ?1;

-- name: read_receipts_set
UPDATE users SET has_read_receipts = ?2 WHERE id = ?1;

-- name: read_latest_begins
SELECT id FROM messages WHERE channel_id = ?1 AND deleted_at_ms IS NULL ORDER BY id DESC LIMIT 1 OFFSET ?2;
