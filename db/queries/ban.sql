-- name: ban_find
SELECT user_id, banned_by, reason, created_at_ms FROM bans WHERE guild_id = ?1 AND user_id = ?2;

-- name: ban_list_after
SELECT user_id, banned_by, reason, created_at_ms FROM bans WHERE guild_id = ?1 AND user_id > ?2 ORDER BY user_id LIMIT ?3;

-- name: ban_list_before
SELECT user_id, banned_by, reason, created_at_ms FROM bans WHERE guild_id = ?1 AND user_id < ?2 ORDER BY user_id DESC LIMIT ?3;

-- name: ban_insert
INSERT INTO bans (guild_id, user_id, banned_by, reason, created_at_ms) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING;

-- name: ban_delete
DELETE FROM bans WHERE guild_id = ?1 AND user_id = ?2;
