-- name: bot_list
-- A token that was only made was not used.
SELECT u.id, u.bot_owner_id, nullif(s.last_used_at_ms, s.created_at_ms), s.id, m.user_id IS NOT NULL FROM users u
LEFT JOIN sessions s ON s.user_id = u.id AND s.kind = 'bot' AND s.ended_at_ms IS NULL
LEFT JOIN members m ON m.guild_id = ?1 AND m.user_id = u.id
WHERE u.bot_guild_id = ?1 AND u.deleted_at_ms IS NULL ORDER BY u.username;

-- name: bot_count
SELECT count(*) FROM users WHERE bot_guild_id = ?1 AND deleted_at_ms IS NULL;

-- name: bot_insert
INSERT INTO users (id, username, is_bot, bot_guild_id, bot_owner_id) VALUES (?1, ?2, 1, ?3, ?4);

-- name: bot_session
SELECT id FROM sessions WHERE user_id = ?1 AND kind = 'bot' AND ended_at_ms IS NULL LIMIT 1;

-- name: bot_next_of_owner
SELECT id FROM users WHERE bot_owner_id = ?1 AND id > ?2 AND deleted_at_ms IS NULL ORDER BY id LIMIT 1;

-- name: bot_next_of_owner_in
SELECT id FROM users WHERE bot_owner_id = ?1 AND bot_guild_id = ?2 AND id > ?3 AND deleted_at_ms IS NULL ORDER BY id LIMIT 1;

-- name: bot_next_of_guild
SELECT id FROM users WHERE bot_guild_id = ?1 AND id > ?2 AND deleted_at_ms IS NULL ORDER BY id LIMIT 1;

-- name: bot_hand_over
UPDATE users SET bot_owner_id = ?2 WHERE bot_owner_id = ?1 AND deleted_at_ms IS NULL
AND EXISTS (SELECT 1 FROM members m WHERE m.guild_id = users.bot_guild_id AND m.user_id = ?2);

-- name: bot_is_banned
SELECT 1 FROM bans WHERE guild_id = ?1 AND user_id = ?2;

-- name: bot_empty
-- What it wrote stays readable under the name that it had.
UPDATE users SET display_name = coalesce(display_name, username), username = ?2, avatar = NULL, about = NULL, pronouns = NULL,
	time_zone = NULL, bot_guild_id = NULL, bot_owner_id = NULL, deleted_at_ms = ?3 WHERE id = ?1;
