-- name: password_reset_find
SELECT user_id FROM password_resets WHERE digest = ?1 AND expires_at_ms > ?2;

-- name: password_reset_allowed_at
SELECT allowed_at_ms FROM password_resets WHERE user_id = ?1;

-- name: password_reset_put
INSERT INTO password_resets (user_id, digest, expires_at_ms, allowed_at_ms) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (user_id) DO UPDATE SET digest = ?2, expires_at_ms = ?3, allowed_at_ms = ?4;

-- The row stays for what it bounds; a code that has expired is found by nobody.
-- name: password_reset_end
UPDATE password_resets SET expires_at_ms = 0 WHERE user_id = ?1;

-- name: password_reset_delete_expired
DELETE FROM password_resets WHERE user_id IN (SELECT user_id FROM password_resets
	WHERE expires_at_ms < ?1 AND allowed_at_ms < ?1 LIMIT 100);
