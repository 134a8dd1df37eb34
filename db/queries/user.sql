-- name: user_find
SELECT username, display_name, email, avatar, is_bot, is_suspended, about, pronouns, time_zone, is_admin, deleted_at_ms,
	totp_enabled_at_ms, bot_guild_id, bot_owner_id FROM users WHERE id = ?1;

-- name: user_find_by_username
SELECT id, password_hash, is_suspended FROM users WHERE username = ?1;

-- name: user_find_by_email
SELECT id, password_hash, is_suspended FROM users WHERE email = ?1;

-- name: user_exists_any
-- scan: LIMIT 1 stops at the first row
SELECT 1 FROM users LIMIT 1;

-- name: user_is_bot
SELECT is_bot FROM users WHERE id = ?1;

-- name: user_shares_place
-- Whether two people can see each other: both are in one workspace, or in one direct message or group.
SELECT 1 FROM members a JOIN guilds g ON g.id = a.guild_id JOIN members b ON b.guild_id = a.guild_id AND b.user_id = ?2
WHERE a.user_id = ?1 AND g.deleted_at_ms IS NULL
UNION ALL
SELECT 1 FROM channel_members a JOIN channels c ON c.id = a.channel_id
JOIN channel_members b ON b.channel_id = a.channel_id AND b.user_id = ?2
WHERE a.user_id = ?1 AND c.type IN (1, 3) AND c.deleted_at_ms IS NULL LIMIT 1;

-- name: user_is_admin
SELECT is_admin FROM users WHERE id = ?1;

-- name: user_insert
INSERT INTO users (id, username, email, display_name, password_hash, is_admin) VALUES (?1, ?2, ?3, ?4, ?5, ?6);

-- name: user_update
UPDATE users SET username = ?2, display_name = ?3, about = ?4, pronouns = ?5, time_zone = ?6, avatar = ?7 WHERE id = ?1;

-- name: user_set_email
UPDATE users SET email = ?2 WHERE id = ?1;

-- name: user_delete_reset
DELETE FROM password_resets WHERE user_id = ?1;

-- name: user_next_guild
SELECT m.guild_id FROM members m JOIN guilds g ON g.id = m.guild_id
WHERE m.user_id = ?1 AND m.guild_id > ?2 AND g.deleted_at_ms IS NULL ORDER BY m.guild_id LIMIT 1;

-- name: user_set_password
UPDATE users SET password_hash = ?2 WHERE id = ?1;

-- name: user_list
-- scan: the command line lists every account
SELECT id, username, email, is_bot, is_suspended, is_admin FROM users WHERE deleted_at_ms IS NULL ORDER BY id;

-- name: user_set_suspended
UPDATE users SET is_suspended = ?2 WHERE id = ?1;

-- name: user_set_admin
UPDATE users SET is_admin = ?2 WHERE id = ?1;

-- name: user_other_admin
-- scan: a few of all accounts administer the server, and this is asked when one of them ceases to
SELECT id FROM users WHERE is_admin = 1 AND is_suspended = 0 AND id <> ?1 LIMIT 1;

-- name: user_list_page
SELECT u.id, u.username, u.display_name, u.avatar, u.is_admin, u.is_suspended,
	(SELECT max(last_used_at_ms) FROM sessions s WHERE s.user_id = u.id AND s.ended_at_ms IS NULL),
	(SELECT count(*) FROM members m WHERE m.user_id = u.id)
FROM users u WHERE u.id > ?1 AND u.is_bot = 0 AND u.deleted_at_ms IS NULL AND (?5 = 0 OR u.is_suspended = 1)
	AND (?3 IS NULL OR u.username LIKE ?3 ESCAPE '!' OR u.display_name LIKE ?3 ESCAPE '!' OR u.email = ?4)
ORDER BY u.id LIMIT ?2;

-- name: user_owned_guilds
SELECT name, id FROM guilds WHERE owner_id = ?1 AND deleted_at_ms IS NULL ORDER BY id LIMIT ?2;

-- name: user_other_person
-- scan: LIMIT 1 stops at the first or second row that is a person
SELECT id FROM users WHERE id <> ?1 AND is_bot = 0 AND deleted_at_ms IS NULL LIMIT 1;

-- name: user_next_membership
SELECT guild_id FROM members WHERE user_id = ?1 ORDER BY guild_id LIMIT 1;

-- name: user_delete_sessions
-- scan: those that have ended are in no index by person, and an account ends once
DELETE FROM sessions WHERE user_id = ?1;

-- name: user_delete_recovery_codes
DELETE FROM recovery_codes WHERE user_id = ?1;

-- name: user_empty
UPDATE users SET username = ?2, display_name = ?3, email = NULL, password_hash = NULL, avatar = NULL, about = NULL,
	pronouns = NULL, time_zone = NULL, is_admin = 0, is_suspended = 1, totp_secret = NULL, totp_enabled_at_ms = NULL,
	totp_last_step = 0, deleted_at_ms = ?4 WHERE id = ?1;
