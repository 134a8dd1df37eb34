-- Queries that give a whole channel all have the same columns: one function reads them (cgi/domain/channel/channel_read.c).
-- What means the channels of a workspace's list says type IN (0, 4): threads are in the same table (thread.sql).

-- name: channel_find
SELECT id, guild_id, home_guild_id, parent_id, owner_id, type, name, topic, position, slow_mode_s, last_message_id,
	archived_at_ms, is_default, deleted_at_ms IS NOT NULL, is_locked FROM channels WHERE id = ?1;

-- name: channel_list
SELECT id, guild_id, home_guild_id, parent_id, owner_id, type, name, topic, position, slow_mode_s, last_message_id,
	archived_at_ms, is_default, deleted_at_ms IS NOT NULL, is_locked
FROM channels WHERE guild_id = ?1 AND deleted_at_ms IS NULL AND type IN (0, 4) ORDER BY position, id;

-- name: channel_count
SELECT count(*) FROM channels WHERE guild_id = ?1 AND deleted_at_ms IS NULL AND type IN (0, 4);

-- name: channel_insert
INSERT INTO channels (id, guild_id, home_guild_id, parent_id, owner_id, type, name, topic, position, slow_mode_s, is_default)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11);

-- name: channel_update
UPDATE channels SET parent_id = ?2, name = ?3, topic = ?4, position = ?5, slow_mode_s = ?6, is_default = ?7, archived_at_ms = ?8
WHERE id = ?1;

-- name: channel_find_by_name
SELECT id FROM channels
WHERE guild_id = ?1 AND type = ?2 AND name = ?3 COLLATE NOCASE AND deleted_at_ms IS NULL AND type IN (0, 4);

-- name: channel_last_position
SELECT position FROM channels WHERE guild_id = ?1 AND deleted_at_ms IS NULL AND type IN (0, 4) ORDER BY position DESC LIMIT 1;

-- name: channel_mark_deleted
UPDATE channels SET deleted_at_ms = ?2, name = '', topic = NULL WHERE id = ?1;

-- name: channel_mark_all_deleted
UPDATE channels SET deleted_at_ms = ?2, name = '', topic = NULL WHERE guild_id = ?1 AND deleted_at_ms IS NULL AND type IN (0, 4);

-- name: channel_next_group_of
SELECT id FROM channels WHERE home_guild_id = ?1 AND id > ?2 AND deleted_at_ms IS NULL ORDER BY id LIMIT 1;

-- name: channel_list_children
SELECT id FROM channels WHERE parent_id = ?1 AND type IN (0, 4) AND deleted_at_ms IS NULL;

-- name: channel_orphan_children
UPDATE channels SET parent_id = NULL WHERE parent_id = ?1 AND type IN (0, 4);

-- name: channel_next_to_purge
-- scan: its index holds nothing but channels that wait, and one is taken
SELECT id FROM channels WHERE deleted_at_ms IS NOT NULL AND is_purged = 0 LIMIT 1;

-- name: channel_purge_bound
SELECT max(id) FROM (SELECT id FROM messages WHERE channel_id = ?1 AND deleted_at_ms IS NULL ORDER BY id LIMIT ?2);

-- name: channel_purge_events
UPDATE events SET type = '_SCRUBBED', payload = '' WHERE seq IN (
	SELECT e.seq FROM messages m JOIN events e ON e.message_id = m.id WHERE m.channel_id = ?1 AND m.id <= ?2 AND m.deleted_at_ms IS NULL);

-- name: channel_purge_messages
DELETE FROM messages WHERE channel_id = ?1 AND id <= ?2 AND deleted_at_ms IS NULL;

-- name: channel_purge_members
DELETE FROM channel_members WHERE channel_id = ?1 AND user_id IN (SELECT user_id FROM channel_members WHERE channel_id = ?1 LIMIT ?2)
AND EXISTS (SELECT 1 FROM channels WHERE id = ?1 AND guild_id IS NOT NULL);

-- name: channel_purge_slow_mode
DELETE FROM slow_mode_posts WHERE channel_id = ?1 AND user_id IN (SELECT user_id FROM slow_mode_posts WHERE channel_id = ?1 LIMIT ?2);

-- name: channel_purge_bans
DELETE FROM channel_bans WHERE channel_id = ?1 AND user_id IN (SELECT user_id FROM channel_bans WHERE channel_id = ?1 LIMIT ?2);

-- name: channel_purge_blocks
DELETE FROM message_blocks WHERE channel_id = ?1 AND last_id IN (SELECT last_id FROM message_blocks WHERE channel_id = ?1 LIMIT ?2);

-- name: channel_purge_block_authors
DELETE FROM message_block_authors WHERE channel_id = ?1 AND (author_id, last_id) IN
	(SELECT author_id, last_id FROM message_block_authors WHERE channel_id = ?1 LIMIT ?2);

-- name: channel_purge_drafts
DELETE FROM drafts WHERE channel_id = ?1 AND user_id IN (SELECT user_id FROM drafts WHERE channel_id = ?1 LIMIT ?2);

-- name: channel_mark_purged
UPDATE channels SET is_purged = 1 WHERE id = ?1;

-- name: channel_delete_invites
DELETE FROM invites WHERE guild_id = ?1 AND channel_id = ?2;

-- name: overwrite_insert
INSERT INTO overwrites (channel_id, target_id, target, allow, deny) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (channel_id, target_id) DO UPDATE SET target = excluded.target, allow = excluded.allow, deny = excluded.deny;

-- name: overwrite_delete
DELETE FROM overwrites WHERE channel_id = ?1 AND target_id = ?2;

-- name: overwrite_list
SELECT target_id, target, allow, deny FROM overwrites WHERE channel_id = ?1 ORDER BY target_id;

-- name: overwrite_list_of_guild
SELECT o.channel_id, o.target_id, o.target, o.allow, o.deny FROM channels c JOIN overwrites o ON o.channel_id = c.id
WHERE c.guild_id = ?1 AND c.deleted_at_ms IS NULL AND c.type IN (0, 4) ORDER BY c.position, c.id, o.target_id;

-- name: channel_recipients
SELECT user_id FROM channel_members WHERE channel_id = ?1 AND user_id <> ?2 ORDER BY user_id;

-- name: channel_list_direct
SELECT c.id FROM channel_members m JOIN channels c ON c.id = m.channel_id
WHERE m.user_id = ?1 AND m.is_thread = 0 AND m.is_hidden = 0 AND c.guild_id IS NULL AND c.deleted_at_ms IS NULL
	AND (c.home_guild_id IS NULL OR EXISTS (SELECT 1 FROM members h WHERE h.guild_id = c.home_guild_id AND h.user_id = m.user_id))
ORDER BY coalesce(c.last_message_id, c.id) DESC LIMIT ?2;

-- name: channel_sidebar_joined
SELECT m.channel_id, m.muted_until_ms IS NOT NULL AND (m.muted_until_ms = 0 OR m.muted_until_ms > ?3)
FROM channel_members m JOIN channels c ON c.id = m.channel_id
WHERE m.user_id = ?1 AND m.is_thread = 0 AND c.guild_id = ?2 AND c.deleted_at_ms IS NULL ORDER BY m.channel_id LIMIT ?4;

-- name: channel_sidebar_direct
-- The open one is among them, wherever it stands.
SELECT id, is_muted FROM (
	SELECT c.id, m.muted_until_ms IS NOT NULL AND (m.muted_until_ms = 0 OR m.muted_until_ms > ?2) AS is_muted,
		coalesce(c.last_message_id, c.id) AS active_id
	FROM channel_members m JOIN channels c ON c.id = m.channel_id
	WHERE m.user_id = ?1 AND m.is_thread = 0 AND (m.is_hidden = 0 OR c.id = ?3) AND c.guild_id IS NULL AND c.deleted_at_ms IS NULL
		AND (c.home_guild_id IS NULL OR EXISTS (SELECT 1 FROM members h WHERE h.guild_id = c.home_guild_id AND h.user_id = m.user_id))
	ORDER BY c.id = ?3 DESC, active_id DESC LIMIT ?4)
ORDER BY active_id DESC;

-- name: channel_browse
-- How many people are in each channel of a workspace, and whether this one is.
SELECT c.id, c.member_count, EXISTS (SELECT 1 FROM channel_members m WHERE m.channel_id = c.id AND m.user_id = ?2)
FROM channels c WHERE c.guild_id = ?1 AND c.deleted_at_ms IS NULL AND c.type IN (0, 4) ORDER BY c.id;

-- name: channel_candidates
-- Members of the workspace that could be added to a channel (0: to none in particular), by name; ?3 is a LIKE pattern.
SELECT m.user_id FROM members m JOIN users u ON u.id = m.user_id
WHERE m.guild_id = ?1 AND u.deleted_at_ms IS NULL AND m.user_id <> ?4
	AND (u.username LIKE ?3 ESCAPE '!' OR u.display_name LIKE ?3 ESCAPE '!' OR m.nickname LIKE ?3 ESCAPE '!')
	AND NOT EXISTS (SELECT 1 FROM channel_members i WHERE i.channel_id = ?2 AND i.user_id = m.user_id)
	AND NOT EXISTS (SELECT 1 FROM channel_bans b WHERE b.channel_id = ?2 AND b.user_id = m.user_id)
ORDER BY coalesce(u.display_name, u.username) COLLATE NOCASE, m.user_id LIMIT ?5;
