-- name: session_find_by_digest
SELECT s.id, s.user_id, s.kind, s.expires_at_ms, s.last_used_at_ms FROM sessions s JOIN users u ON u.id = s.user_id
WHERE s.digest = ?1 AND s.ended_at_ms IS NULL AND (s.expires_at_ms IS NULL OR s.expires_at_ms > ?2) AND u.is_suspended = 0;

-- name: session_find_live
SELECT s.kind, s.expires_at_ms, s.last_used_at_ms FROM sessions s JOIN users u ON u.id = s.user_id
WHERE s.id = ?1 AND s.user_id = ?2 AND s.ended_at_ms IS NULL
	AND (s.expires_at_ms IS NULL OR s.expires_at_ms > ?3) AND u.is_suspended = 0;

-- name: session_insert
INSERT INTO sessions (id, user_id, kind, digest, name, device, address, created_at_ms, last_used_at_ms, expires_at_ms)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9);

-- name: session_find_used_refresh_token
SELECT session_id FROM used_refresh_tokens WHERE digest = ?1;

-- name: session_insert_used_refresh_token
INSERT INTO used_refresh_tokens (digest, session_id) VALUES (?1, ?2);

-- name: session_rotate
UPDATE sessions SET digest = ?2, last_used_at_ms = ?3, expires_at_ms = ?4 WHERE id = ?1;

-- name: session_created_at
SELECT created_at_ms FROM sessions WHERE id = ?1;

-- name: session_end
UPDATE sessions SET ended_at_ms = ?3 WHERE id = ?1 AND user_id = ?2 AND ended_at_ms IS NULL;

-- name: session_end_others
UPDATE sessions SET ended_at_ms = ?2 WHERE user_id = ?1 AND ended_at_ms IS NULL AND id <> ?3
	AND (kind IN ('cookie', 'refresh') OR (kind = 'token' AND ?4 <> 0));

-- Of the logins that are live, those beyond the newest ?2 by last use.
-- name: session_list_surplus
SELECT id FROM sessions WHERE user_id = ?1 AND kind IN ('cookie', 'refresh') AND ended_at_ms IS NULL
ORDER BY last_used_at_ms DESC, id DESC LIMIT 100 OFFSET ?2;

-- name: session_kind
SELECT kind FROM sessions WHERE id = ?1 AND user_id = ?2 AND ended_at_ms IS NULL;

-- name: session_set_digest
UPDATE sessions SET digest = ?3 WHERE id = ?1 AND user_id = ?2 AND kind = 'cookie' AND ended_at_ms IS NULL;

-- name: session_touch
UPDATE sessions SET last_used_at_ms = ?2, address = coalesce(?3, address)
WHERE id = ?1 AND ended_at_ms IS NULL AND last_used_at_ms < ?2 - ?4;

-- name: session_list
SELECT id, kind, device, address, created_at_ms, last_used_at_ms, expires_at_ms FROM sessions
WHERE user_id = ?1 AND kind IN ('cookie', 'refresh') AND ended_at_ms IS NULL
	AND (expires_at_ms IS NULL OR expires_at_ms > ?2)
ORDER BY last_used_at_ms DESC, id DESC;

-- name: session_find_family
SELECT id, user_id FROM sessions WHERE digest = ?1 AND kind = 'refresh';

-- name: session_owner
SELECT user_id FROM sessions WHERE id = ?1 AND kind = ?2 AND ended_at_ms IS NULL;

-- name: session_count_tokens
SELECT count(*) FROM sessions WHERE user_id = ?1 AND kind = 'token' AND ended_at_ms IS NULL;

-- name: session_list_tokens
SELECT id, name, created_at_ms, last_used_at_ms, address FROM sessions
WHERE user_id = ?1 AND kind = 'token' AND ended_at_ms IS NULL ORDER BY id;

-- name: session_delete_expired
DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at_ms IS NOT NULL AND expires_at_ms < ?1 LIMIT 100);

-- name: session_delete_ended
DELETE FROM sessions WHERE id IN (
	SELECT id FROM sessions WHERE ended_at_ms IS NOT NULL AND expires_at_ms IS NULL AND ended_at_ms < ?1 LIMIT 100);

-- name: session_actor
SELECT 1 FROM users WHERE id = ?1 AND is_suspended = 0;
