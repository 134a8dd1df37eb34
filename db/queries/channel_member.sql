-- Who is in a channel, and who is kept out of one.

-- name: channel_member_perm
-- Of a direct message or group alone: is it the user's own?
SELECT c.owner_id = ?2 FROM channel_members m JOIN channels c ON c.id = m.channel_id
WHERE m.channel_id = ?1 AND m.user_id = ?2 AND (c.home_guild_id IS NULL
	OR EXISTS (SELECT 1 FROM members h WHERE h.guild_id = c.home_guild_id AND h.user_id = ?2));

-- name: channel_member_find
SELECT joined_at_ms, muted_until_ms, notification_level, is_hidden FROM channel_members WHERE channel_id = ?1 AND user_id = ?2;

-- name: channel_member_insert
INSERT INTO channel_members (channel_id, user_id, joined_at_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING;

-- name: channel_member_delete
DELETE FROM channel_members WHERE channel_id = ?1 AND user_id = ?2;

-- name: channel_member_count
SELECT member_count FROM channels WHERE id = ?1;

-- name: channel_member_list
SELECT user_id, joined_at_ms FROM channel_members WHERE channel_id = ?1 AND user_id > ?2 ORDER BY user_id LIMIT ?3;

-- name: channel_member_next_owner
-- The longest-standing person: an owner can be neither a bot nor an account that is deleted or suspended.
SELECT m.user_id FROM channel_members m JOIN users u ON u.id = m.user_id
WHERE m.channel_id = ?1 AND m.user_id <> ?2 AND u.is_bot = 0 AND u.is_suspended = 0 AND u.deleted_at_ms IS NULL
ORDER BY m.joined_at_ms, m.user_id LIMIT 1;

-- name: channel_member_has_others
-- Other people, bots aside.
SELECT 1 FROM channel_members m JOIN users u ON u.id = m.user_id
WHERE m.channel_id = ?1 AND m.user_id <> ?2 AND u.is_bot = 0 LIMIT 1;

-- name: channel_member_set
UPDATE channel_members SET muted_until_ms = ?3, notification_level = ?4 WHERE channel_id = ?1 AND user_id = ?2;

-- name: channel_member_set_hidden
UPDATE channel_members SET is_hidden = ?3 WHERE channel_id = ?1 AND user_id = ?2 AND is_hidden <> ?3;

-- name: channel_member_list_hidden
SELECT user_id FROM channel_members WHERE channel_id = ?1 AND is_hidden = 1;

-- name: channel_member_insert_person
-- Nothing for a bot.
INSERT INTO channel_members (channel_id, user_id, joined_at_ms) SELECT ?1, id, ?3 FROM users WHERE id = ?2 AND is_bot = 0
ON CONFLICT DO NOTHING;

-- name: channel_viewers
-- A row for each role, one without where there is none.
SELECT m.user_id, g.owner_id = m.user_id, m.timeout_until_ms, r.id, r.permissions FROM members m JOIN guilds g ON g.id = m.guild_id
LEFT JOIN member_roles mr ON mr.guild_id = m.guild_id AND mr.user_id = m.user_id LEFT JOIN roles r ON r.id = mr.role_id
WHERE m.guild_id = ?1 ORDER BY m.user_id;

-- name: channel_ban_find
SELECT 1 FROM channel_bans WHERE channel_id = ?1 AND user_id = ?2;

-- name: channel_ban_insert
INSERT INTO channel_bans (channel_id, user_id, banned_by, reason, created_at_ms) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING;

-- name: channel_ban_delete
DELETE FROM channel_bans WHERE channel_id = ?1 AND user_id = ?2;

-- name: channel_ban_list
SELECT user_id, reason, banned_by, created_at_ms FROM channel_bans WHERE channel_id = ?1 ORDER BY user_id;

-- name: slow_mode_find
SELECT posted_at_ms FROM slow_mode_posts WHERE channel_id = ?1 AND user_id = ?2;

-- name: slow_mode_note
INSERT INTO slow_mode_posts (channel_id, user_id, posted_at_ms) VALUES (?1, ?2, ?3)
ON CONFLICT DO UPDATE SET posted_at_ms = excluded.posted_at_ms;

-- name: channel_set_owner
UPDATE channels SET owner_id = ?2 WHERE id = ?1;

-- name: channel_guild_owner
SELECT owner_id FROM guilds WHERE id = ?1;

-- name: channel_list_touched_by
-- Where somebody has or is something: a place, an overwrite, the owner.
SELECT c.id FROM channels c WHERE c.guild_id = ?1 AND c.deleted_at_ms IS NULL AND c.type IN (0, 4) AND (c.owner_id = ?2
	OR EXISTS (SELECT 1 FROM channel_members m WHERE m.channel_id = c.id AND m.user_id = ?2)
	OR EXISTS (SELECT 1 FROM overwrites o WHERE o.channel_id = c.id AND o.target_id = ?2))
ORDER BY c.id;

-- name: channel_list_groups_of
SELECT c.id FROM channel_members m JOIN channels c ON c.id = m.channel_id
WHERE c.home_guild_id = ?1 AND m.user_id = ?2 AND m.is_thread = 0 AND c.deleted_at_ms IS NULL ORDER BY c.id LIMIT ?3;

-- name: channel_next_owned
-- Threads stay whose they are: what matters of them is the channel's.
SELECT id FROM channels WHERE owner_id = ?1 AND id > ?2 AND deleted_at_ms IS NULL AND type NOT IN (11, 12) ORDER BY id LIMIT 1;
