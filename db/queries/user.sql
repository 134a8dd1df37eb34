-- name: user_find
SELECT username, display_name, email, avatar, is_bot, is_suspended FROM users WHERE id = ?1;

-- name: user_find_by_username
SELECT id, password_hash, is_suspended FROM users WHERE username = ?1;

-- name: user_find_by_email
SELECT id, password_hash, is_suspended FROM users WHERE email = ?1;

-- name: user_exists_any
-- scan: LIMIT 1 stops at the first row
SELECT 1 FROM users LIMIT 1;

-- name: user_insert
INSERT INTO users (id, username, email, display_name, password_hash) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: user_set_password
UPDATE users SET password_hash = ?2 WHERE id = ?1;

-- name: user_list
-- scan: the command line lists every account
SELECT id, username, email, is_bot, is_suspended FROM users ORDER BY id;
