-- Every list gives the same columns: one function makes the view of all of them.

-- name: message_list_latest
SELECT m.id, m.channel_id, m.type, m.content, m.nonce, m.edited_at_ms, u.id, u.username, u.display_name, u.avatar, u.is_bot,
	m.flags, m.parts, m.reference_id, m.reference_channel_id,
	CASE WHEN m.reference_id IS NOT NULL OR m.reference_channel_id IS NOT NULL THEN (SELECT guild_id FROM channels WHERE id = m.channel_id) END
FROM messages m JOIN users u ON u.id = m.author_id
WHERE m.channel_id = ?1 AND m.deleted_at_ms IS NULL ORDER BY m.id DESC LIMIT ?2;

-- name: message_list_before
SELECT m.id, m.channel_id, m.type, m.content, m.nonce, m.edited_at_ms, u.id, u.username, u.display_name, u.avatar, u.is_bot,
	m.flags, m.parts, m.reference_id, m.reference_channel_id,
	CASE WHEN m.reference_id IS NOT NULL OR m.reference_channel_id IS NOT NULL THEN (SELECT guild_id FROM channels WHERE id = m.channel_id) END
FROM messages m JOIN users u ON u.id = m.author_id
WHERE m.channel_id = ?1 AND m.id < ?2 AND m.deleted_at_ms IS NULL ORDER BY m.id DESC LIMIT ?3;

-- name: message_list_after
-- The newest of the page bounds it from above, so that it is read backwards and nothing has to be sorted.
SELECT m.id, m.channel_id, m.type, m.content, m.nonce, m.edited_at_ms, u.id, u.username, u.display_name, u.avatar, u.is_bot,
	m.flags, m.parts, m.reference_id, m.reference_channel_id,
	CASE WHEN m.reference_id IS NOT NULL OR m.reference_channel_id IS NOT NULL THEN (SELECT guild_id FROM channels WHERE id = m.channel_id) END
FROM messages m JOIN users u ON u.id = m.author_id
WHERE m.channel_id = ?1 AND m.id > ?2 AND m.deleted_at_ms IS NULL AND m.id <= (SELECT max(id) FROM
	(SELECT id FROM messages WHERE channel_id = ?1 AND id > ?2 AND deleted_at_ms IS NULL ORDER BY id LIMIT ?3))
ORDER BY m.id DESC;

-- name: message_find
SELECT m.id, m.channel_id, m.type, m.content, m.nonce, m.edited_at_ms, u.id, u.username, u.display_name, u.avatar, u.is_bot,
	m.flags, m.parts, m.reference_id, m.reference_channel_id,
	CASE WHEN m.reference_id IS NOT NULL OR m.reference_channel_id IS NOT NULL THEN (SELECT guild_id FROM channels WHERE id = m.channel_id) END
FROM messages m JOIN users u ON u.id = m.author_id
WHERE m.id = ?1 AND m.channel_id = ?2 AND m.deleted_at_ms IS NULL;

-- name: message_find_referenced
-- The same again, to be asked while another message is being written.
SELECT m.id, m.channel_id, m.type, m.content, m.nonce, m.edited_at_ms, u.id, u.username, u.display_name, u.avatar, u.is_bot,
	m.flags, m.parts, m.reference_id, m.reference_channel_id,
	CASE WHEN m.reference_id IS NOT NULL OR m.reference_channel_id IS NOT NULL THEN (SELECT guild_id FROM channels WHERE id = m.channel_id) END
FROM messages m JOIN users u ON u.id = m.author_id
WHERE m.id = ?1 AND m.channel_id = ?2 AND m.deleted_at_ms IS NULL;

-- name: message_list_mentioned_users
SELECT u.id, u.username, u.display_name, u.avatar, u.is_bot FROM mentions m JOIN users u ON u.id = m.target_id
WHERE m.message_id = ?1 AND m.target = 1 ORDER BY u.id;

-- name: message_list_mentioned_roles
SELECT r.id, r.name, r.color FROM mentions m JOIN roles r ON r.id = m.target_id
WHERE m.message_id = ?1 AND m.target = 0 ORDER BY r.id;

-- name: message_list_named_users
SELECT u.id, coalesce(u.display_name, u.username) FROM message_names m JOIN users u ON u.id = m.target_id
WHERE m.message_id = ?1 AND m.target = 1 ORDER BY u.id;

-- name: message_list_named_roles
SELECT r.id, r.name, r.color FROM message_names m JOIN roles r ON r.id = m.target_id
WHERE m.message_id = ?1 AND m.target = 0 ORDER BY r.id;

-- name: message_mentions_everyone
SELECT 1 FROM mentions WHERE message_id = ?1 AND target = 2;

-- name: message_list_embeds
SELECT embed FROM message_embeds WHERE message_id = ?1 ORDER BY position;

-- name: message_find_attachment
SELECT id, channel_id FROM attachments WHERE message_id = ?1 AND name = ?2 ORDER BY position LIMIT 1;

-- name: message_find_snapshot
SELECT content, sent_at_ms, edited_at_ms FROM message_snapshots WHERE message_id = ?1;

-- name: message_find_by_nonce
SELECT id, deleted_at_ms IS NOT NULL FROM messages WHERE channel_id = ?1 AND author_id = ?2 AND nonce = ?3;

-- name: message_insert
INSERT INTO messages (id, channel_id, author_id, type, content, nonce, flags, parts, reference_id, reference_channel_id)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10);

-- name: message_update
-- What only shows or hides embeds is no edit.
UPDATE messages SET content = ?2, edited_at_ms = coalesce(?3, edited_at_ms), flags = ?4, parts = ?5 WHERE id = ?1;

-- name: message_insert_version
-- Edits within one millisecond, or while the clock goes back, still stand in order.
INSERT INTO message_versions (message_id, replaced_at_ms, content)
SELECT ?1, max(?2, coalesce((SELECT max(replaced_at_ms) + 1 FROM message_versions WHERE message_id = ?1), 0)), ?3;

-- name: message_prune_versions
-- All but the latest ?2 and the one before, from whose end on the oldest of those stood.
DELETE FROM message_versions WHERE message_id = ?1
	AND replaced_at_ms < (SELECT replaced_at_ms FROM message_versions WHERE message_id = ?1 ORDER BY replaced_at_ms DESC LIMIT 1 OFFSET ?2);

-- name: message_insert_echo
INSERT INTO message_echoes (message_id, echo_id) VALUES (?1, ?2);

-- name: message_find_echo
-- Of a message that is one of such two the other, and whether that is the echo; nothing where its channel is deleted.
SELECT m.id, m.channel_id, m.parts, m.id = e.echo_id FROM message_echoes e
	JOIN messages m ON m.id = CASE e.message_id WHEN ?1 THEN e.echo_id ELSE e.message_id END
	JOIN channels c ON c.id = m.channel_id
WHERE (e.message_id = ?1 OR e.echo_id = ?1) AND m.deleted_at_ms IS NULL AND c.deleted_at_ms IS NULL;

-- name: message_delete_echo
DELETE FROM message_echoes WHERE message_id = ?1 OR echo_id = ?1;

-- name: message_mark_deleted
UPDATE messages SET deleted_at_ms = ?2, content = '', parts = 0, reference_id = NULL, reference_channel_id = NULL WHERE id = ?1;

-- name: message_delete_versions
DELETE FROM message_versions WHERE message_id = ?1;

-- name: message_delete_mentions
DELETE FROM mentions WHERE message_id = ?1;

-- name: message_delete_names
DELETE FROM message_names WHERE message_id = ?1;

-- name: message_delete_embeds
DELETE FROM message_embeds WHERE message_id = ?1;

-- name: message_delete_snapshot
DELETE FROM message_snapshots WHERE message_id = ?1;

-- name: message_list_to_remove
-- All that one person wrote, by id; without a channel where it is not to be removed.
SELECT m.id, CASE WHEN (c.guild_id = ?4 OR ?4 = 0) AND c.deleted_at_ms IS NULL AND m.deleted_at_ms IS NULL THEN c.id END, m.parts
FROM messages m JOIN channels c ON c.id = m.channel_id
WHERE m.author_id = ?1 AND m.id >= ?2 AND m.id <= ?3 ORDER BY m.id LIMIT ?5;

-- name: message_removal_insert
-- RETURNING: where it begins, which is further back where an earlier removal is not done yet.
INSERT INTO message_removals (guild_id, author_id, next_id, last_id) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT DO UPDATE SET next_id = min(next_id, excluded.next_id), last_id = excluded.last_id RETURNING next_id;

-- name: message_removal_first
-- scan: the first row is taken
SELECT guild_id, author_id, next_id, last_id FROM message_removals LIMIT 1;

-- name: message_removal_advance
UPDATE message_removals SET next_id = ?3 WHERE guild_id = ?1 AND author_id = ?2;

-- name: message_removal_delete
DELETE FROM message_removals WHERE guild_id = ?1 AND author_id = ?2;

-- name: message_set_parts
UPDATE messages SET parts = (parts & ~?2) | ?3 WHERE id = ?1;

-- name: message_author
SELECT author_id FROM messages WHERE id = ?1 AND channel_id = ?2 AND deleted_at_ms IS NULL;

-- name: message_find_person_in_guild
-- Whether they have blocked the author.
SELECT EXISTS (SELECT 1 FROM blocks WHERE user_id = ?2 AND blocked_id = ?3) FROM members WHERE guild_id = ?1 AND user_id = ?2;

-- name: message_find_person_in_channel
SELECT EXISTS (SELECT 1 FROM blocks WHERE user_id = ?2 AND blocked_id = ?3) FROM channel_members
WHERE channel_id = ?1 AND user_id = ?2;

-- name: message_find_role
SELECT is_mentionable FROM roles WHERE id = ?1 AND guild_id = ?2;

-- name: message_insert_mention
INSERT INTO mentions (target_id, channel_id, message_id, author_id, target) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: message_insert_name
INSERT INTO message_names (message_id, target_id, target) VALUES (?1, ?2, ?3);

-- name: message_insert_embed
INSERT INTO message_embeds (message_id, position, embed) VALUES (?1, ?2, ?3);

-- name: message_insert_snapshot
INSERT INTO message_snapshots (message_id, content, sent_at_ms, edited_at_ms) VALUES (?1, ?2, ?3, ?4);

-- name: message_copy_embeds
INSERT INTO message_embeds (message_id, position, is_preview, embed)
SELECT ?1, position, is_preview, embed FROM message_embeds WHERE message_id = ?2;

-- name: message_list_own_embeds
SELECT embed FROM message_embeds WHERE message_id = ?1 AND is_preview = 0 ORDER BY position;

-- name: message_delete_own_embeds
DELETE FROM message_embeds WHERE message_id = ?1 AND is_preview = 0;

-- name: message_delete_previews
DELETE FROM message_embeds WHERE message_id = ?1 AND is_preview = 1;

-- name: message_has_embeds
SELECT 1 FROM message_embeds WHERE message_id = ?1;

-- name: message_mentions_person
SELECT 1 FROM mentions WHERE target_id = ?1 AND channel_id = ?2 AND message_id = ?3;

-- name: message_list_versions
-- The latest of them, in order, and since when each stood; NULL: from the beginning.
-- scan: what the inner query gives, of one message
SELECT v.replaced_at_ms, v.content, (SELECT max(replaced_at_ms) FROM message_versions WHERE message_id = ?1 AND replaced_at_ms < v.replaced_at_ms)
FROM (SELECT replaced_at_ms, content FROM message_versions WHERE message_id = ?1 ORDER BY replaced_at_ms DESC LIMIT ?2) v
ORDER BY v.replaced_at_ms;
