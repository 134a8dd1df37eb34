-- Threads. Queries that give whole threads all have the same columns: one function reads them
-- (cgi/domain/thread/thread_read.c).

-- name: thread_find
SELECT c.id, c.guild_id, c.parent_id, c.owner_id, c.type, c.name, c.slow_mode_s, c.last_message_id, c.archived_at_ms, c.is_locked,
	c.member_count, t.auto_archive_min, t.is_invitable, t.created_at_ms, t.opened_at_ms, t.message_count, t.notice_id
FROM channels c JOIN threads t ON t.id = c.id WHERE c.id = ?1 AND c.deleted_at_ms IS NULL;

-- name: thread_find_of_message
-- The same, to be asked while messages are being written.
SELECT c.id, c.guild_id, c.parent_id, c.owner_id, c.type, c.name, c.slow_mode_s, c.last_message_id, c.archived_at_ms, c.is_locked,
	c.member_count, t.auto_archive_min, t.is_invitable, t.created_at_ms, t.opened_at_ms, t.message_count, t.notice_id
FROM channels c JOIN threads t ON t.id = c.id WHERE c.id = ?1 AND c.deleted_at_ms IS NULL;

-- name: thread_list_active
-- Of a workspace.
SELECT c.id, c.guild_id, c.parent_id, c.owner_id, c.type, c.name, c.slow_mode_s, c.last_message_id, c.archived_at_ms, c.is_locked,
	c.member_count, t.auto_archive_min, t.is_invitable, t.created_at_ms, t.opened_at_ms, t.message_count, t.notice_id
FROM channels c JOIN threads t ON t.id = c.id
WHERE c.guild_id = ?1 AND c.type IN (11, 12) AND c.deleted_at_ms IS NULL AND c.archived_at_ms IS NULL ORDER BY c.id DESC LIMIT ?2;

-- name: thread_list_active_in
-- Of one channel.
SELECT c.id, c.guild_id, c.parent_id, c.owner_id, c.type, c.name, c.slow_mode_s, c.last_message_id, c.archived_at_ms, c.is_locked,
	c.member_count, t.auto_archive_min, t.is_invitable, t.created_at_ms, t.opened_at_ms, t.message_count, t.notice_id
FROM channels c JOIN threads t ON t.id = c.id
WHERE c.parent_id = ?1 AND c.type IN (11, 12) AND c.deleted_at_ms IS NULL AND c.archived_at_ms IS NULL
ORDER BY coalesce(c.last_message_id, c.id) DESC LIMIT ?2;

-- name: thread_list_archived
-- Of one channel and one type, those archived last first.
SELECT c.id, c.guild_id, c.parent_id, c.owner_id, c.type, c.name, c.slow_mode_s, c.last_message_id, c.archived_at_ms, c.is_locked,
	c.member_count, t.auto_archive_min, t.is_invitable, t.created_at_ms, t.opened_at_ms, t.message_count, t.notice_id
FROM channels c JOIN threads t ON t.id = c.id
WHERE c.parent_id = ?1 AND c.type = ?2 AND c.deleted_at_ms IS NULL AND c.archived_at_ms < ?3 ORDER BY c.archived_at_ms DESC LIMIT ?4;

-- name: thread_list_archived_joined
-- The private ones of a channel that somebody is in, by id.
SELECT c.id, c.guild_id, c.parent_id, c.owner_id, c.type, c.name, c.slow_mode_s, c.last_message_id, c.archived_at_ms, c.is_locked,
	c.member_count, t.auto_archive_min, t.is_invitable, t.created_at_ms, t.opened_at_ms, t.message_count, t.notice_id
FROM channel_members m JOIN channels c ON c.id = m.channel_id JOIN threads t ON t.id = c.id
WHERE m.user_id = ?2 AND m.is_thread = 1 AND m.channel_id < ?3 AND c.parent_id = ?1 AND c.type = 12 AND c.deleted_at_ms IS NULL
	AND c.archived_at_ms IS NOT NULL
ORDER BY m.channel_id DESC LIMIT ?4;

-- name: thread_list_followed
-- The active ones of a workspace that somebody follows: at most as many rows are looked at as may be active.
SELECT c.id, c.parent_id, c.type, c.name, m.muted_until_ms IS NOT NULL AND (m.muted_until_ms = 0 OR m.muted_until_ms > ?3)
FROM channels c CROSS JOIN channel_members m ON m.channel_id = c.id AND m.user_id = ?1
WHERE c.guild_id = ?2 AND c.type IN (11, 12) AND c.deleted_at_ms IS NULL AND c.archived_at_ms IS NULL ORDER BY c.id LIMIT ?4;

-- name: thread_count_active
SELECT count(*) FROM (SELECT 1 FROM channels
	WHERE guild_id = ?1 AND type IN (11, 12) AND deleted_at_ms IS NULL AND archived_at_ms IS NULL LIMIT ?2);

-- name: thread_parent
-- Nothing for what is no thread.
SELECT parent_id FROM channels WHERE id = ?1 AND type IN (11, 12);

-- name: thread_exists
SELECT 1 FROM channels WHERE id = ?1;

-- name: thread_begin_anew
-- A message whose thread was deleted may have another, once nothing is left of the first: the row is the same.
UPDATE channels SET owner_id = ?2, name = ?3, slow_mode_s = ?4, last_message_id = NULL, archived_at_ms = NULL, deleted_at_ms = NULL,
	is_purged = 0, is_locked = 0, sealed_id = 0, open_count = 0
WHERE id = ?1 AND type IN (11, 12) AND deleted_at_ms IS NOT NULL AND is_purged = 1;

-- name: thread_insert_channel
INSERT INTO channels (id, guild_id, parent_id, owner_id, type, name, slow_mode_s) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: thread_insert
INSERT INTO threads (id, auto_archive_min, is_invitable, created_at_ms, opened_at_ms, idle_check_at_ms)
VALUES (?1, ?2, ?3, ?4, ?4, ?4 + ?2 * 60000);

-- name: thread_set_notice
UPDATE threads SET notice_id = ?2 WHERE id = ?1;

-- name: thread_update_channel
UPDATE channels SET name = ?2, slow_mode_s = ?3, archived_at_ms = ?4, is_locked = ?5 WHERE id = ?1;

-- name: thread_update
UPDATE threads SET auto_archive_min = ?2, is_invitable = ?3, opened_at_ms = ?4, idle_check_at_ms = ?5 WHERE id = ?1;

-- name: thread_last_archived
SELECT max(archived_at_ms) FROM channels WHERE parent_id = ?1 AND type = ?2;

-- name: thread_count_message
UPDATE threads SET message_count = max(message_count + ?2, 0) WHERE id = ?1;

-- name: thread_list_idle
-- Whose time to be looked at has come.
SELECT id FROM threads WHERE idle_check_at_ms <= ?1 ORDER BY idle_check_at_ms LIMIT ?2;

-- name: thread_set_idle_check
UPDATE threads SET idle_check_at_ms = ?2 WHERE id = ?1;

-- name: thread_delete
DELETE FROM threads WHERE id = ?1;

-- name: thread_delete_children
DELETE FROM threads WHERE id IN (SELECT id FROM channels WHERE parent_id = ?1 AND type IN (11, 12));

-- name: thread_mark_children_deleted
UPDATE channels SET deleted_at_ms = ?2, name = '' WHERE parent_id = ?1 AND type IN (11, 12) AND deleted_at_ms IS NULL;

-- name: thread_delete_of_guild
DELETE FROM threads WHERE id IN (SELECT id FROM channels WHERE guild_id = ?1 AND type IN (11, 12) AND deleted_at_ms IS NULL);

-- name: thread_mark_all_deleted
UPDATE channels SET deleted_at_ms = ?2, name = '' WHERE guild_id = ?1 AND type IN (11, 12) AND deleted_at_ms IS NULL;

-- name: thread_member_insert
-- ?4: up to where they have read; NULL: up to now.
INSERT INTO channel_members (channel_id, user_id, joined_at_ms, is_thread, last_read_id) VALUES (?1, ?2, ?3, 1, ?4) ON CONFLICT DO NOTHING;

-- name: thread_member_joined_at
SELECT joined_at_ms FROM channel_members WHERE channel_id = ?1 AND user_id = ?2;

-- name: thread_list_left_in
-- The active threads of a channel that somebody is in.
SELECT c.id FROM channels c CROSS JOIN channel_members m ON m.channel_id = c.id AND m.user_id = ?2
WHERE c.parent_id = ?1 AND c.type IN (11, 12) AND c.deleted_at_ms IS NULL AND c.archived_at_ms IS NULL ORDER BY c.id;

-- name: thread_list_left_of
-- Of a workspace.
SELECT c.id FROM channels c CROSS JOIN channel_members m ON m.channel_id = c.id AND m.user_id = ?2
WHERE c.guild_id = ?1 AND c.type IN (11, 12) AND c.deleted_at_ms IS NULL AND c.archived_at_ms IS NULL ORDER BY c.id;

-- name: thread_leave_channel
-- Those that are left when nobody needs to be told: archived ones.
DELETE FROM channel_members WHERE user_id = ?2 AND is_thread = 1
	AND channel_id IN (SELECT id FROM channels WHERE parent_id = ?1 AND type IN (11, 12));

-- name: thread_leave_guild
DELETE FROM channel_members WHERE user_id = ?2 AND is_thread = 1
	AND channel_id IN (SELECT m.channel_id FROM channel_members m JOIN channels c ON c.id = m.channel_id
		WHERE m.user_id = ?2 AND m.is_thread = 1 AND c.guild_id = ?1);

-- name: thread_list_mentioned
-- People whom a message mentions and who are not in its thread; bots are told by their own means.
SELECT m.target_id FROM mentions m JOIN users u ON u.id = m.target_id
WHERE m.message_id = ?1 AND m.target = 1 AND u.is_bot = 0
	AND NOT EXISTS (SELECT 1 FROM channel_members i WHERE i.channel_id = ?2 AND i.user_id = m.target_id)
ORDER BY m.target_id LIMIT ?3;

-- name: thread_starter
-- Who wrote the message that a thread is to be started from.
SELECT author_id FROM messages WHERE id = ?1 AND channel_id = ?2 AND deleted_at_ms IS NULL;
