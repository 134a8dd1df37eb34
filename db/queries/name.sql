-- What people type for people, roles and channels (domain/name). Every lookup is for one name, by an index.

-- name: name_find_username
SELECT id FROM users WHERE username = ?1 AND deleted_at_ms IS NULL;

-- name: name_list_display_name
SELECT id FROM users WHERE display_name = ?1 COLLATE NOCASE AND deleted_at_ms IS NULL LIMIT ?2;

-- name: name_list_nickname
SELECT user_id FROM members WHERE guild_id = ?1 AND nickname = ?2 COLLATE NOCASE LIMIT ?3;

-- name: name_list_role
-- @everyone's id is the workspace's.
SELECT id FROM roles WHERE guild_id = ?1 AND name = ?2 COLLATE NOCASE AND id <> ?1 LIMIT 2;

-- name: name_find_channel
SELECT id FROM channels WHERE guild_id = ?1 AND type = 0 AND name = ?2 COLLATE NOCASE AND deleted_at_ms IS NULL AND type IN (0, 4);

-- name: name_username
SELECT username FROM users WHERE id = ?1 AND deleted_at_ms IS NULL;

-- name: name_role
SELECT name FROM roles WHERE id = ?1 AND guild_id = ?2;

-- name: name_channel
SELECT name FROM channels WHERE id = ?1 AND guild_id = ?2 AND type = 0 AND deleted_at_ms IS NULL;
