-- name: factor_find
SELECT totp_secret, totp_enabled_at_ms, (SELECT count(*) FROM recovery_codes r WHERE r.user_id = u.id)
FROM users u WHERE u.id = ?1;

-- name: factor_find_stored
SELECT password_hash, totp_secret, totp_enabled_at_ms, totp_last_step FROM users WHERE id = ?1;

-- The last step stays where it is: a clock that was set back makes no code good again.
-- name: factor_set_pending
UPDATE users SET totp_secret = ?2, totp_enabled_at_ms = NULL WHERE id = ?1;

-- name: factor_enable
UPDATE users SET totp_enabled_at_ms = ?2 WHERE id = ?1;

-- name: factor_disable
UPDATE users SET totp_secret = NULL, totp_enabled_at_ms = NULL WHERE id = ?1;

-- name: factor_set_last_step
UPDATE users SET totp_last_step = ?2 WHERE id = ?1;

-- name: factor_insert_recovery_code
INSERT INTO recovery_codes (user_id, digest) VALUES (?1, ?2);

-- name: factor_take_recovery_code
DELETE FROM recovery_codes WHERE user_id = ?1 AND digest = ?2;

-- name: factor_delete_recovery_codes
DELETE FROM recovery_codes WHERE user_id = ?1;
