-- name: invite_find
SELECT guild_id, channel_id, inviter_id, max_uses, uses, max_age_s, is_temporary, created_at_ms, expires_at_ms
FROM invites WHERE code = ?1;

-- name: invite_insert
INSERT INTO invites (code, guild_id, channel_id, inviter_id, max_uses, max_age_s, is_temporary, created_at_ms, expires_at_ms)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9);

-- name: invite_use
UPDATE invites SET uses = uses + 1 WHERE code = ?1 AND (max_uses = 0 OR uses < max_uses);

-- name: invite_list
SELECT code, guild_id, channel_id, inviter_id, max_uses, uses, max_age_s, is_temporary, created_at_ms, expires_at_ms
FROM invites WHERE guild_id = ?1 AND (expires_at_ms IS NULL OR expires_at_ms > ?2) AND (max_uses = 0 OR uses < max_uses)
ORDER BY created_at_ms DESC LIMIT 1000;

-- name: invite_count
SELECT count(*) FROM invites WHERE guild_id = ?1;

-- name: invite_delete_dead
DELETE FROM invites WHERE guild_id = ?1 AND ((expires_at_ms IS NOT NULL AND expires_at_ms < ?2) OR (max_uses > 0 AND uses >= max_uses));

-- name: invite_count_by
SELECT count(*) FROM invites WHERE guild_id = ?1 AND inviter_id = ?2;

-- name: invite_find_similar
SELECT code FROM invites WHERE guild_id = ?1 AND channel_id = ?2 AND inviter_id = ?3 AND max_uses = ?4 AND max_age_s = ?5
AND is_temporary = ?6 AND (expires_at_ms IS NULL OR expires_at_ms > ?7) AND (max_uses = 0 OR uses < max_uses)
ORDER BY created_at_ms DESC LIMIT 1;

-- name: invite_delete
DELETE FROM invites WHERE code = ?1;

-- name: invite_is_banned
SELECT 1 FROM bans WHERE guild_id = ?1 AND user_id = ?2;
