-- name: emoji_find
SELECT id, guild_id, user_id, name, picture, is_animated FROM emojis WHERE id = ?1;

-- name: emoji_find_by_name
SELECT id, guild_id, user_id, name, picture, is_animated FROM emojis WHERE guild_id = ?1 AND name = ?2;

-- name: emoji_list
-- The index is by name; a workspace has 200 at most, so they are sorted.
SELECT id, guild_id, user_id, name, picture, is_animated FROM emojis WHERE guild_id = ?1 ORDER BY id LIMIT ?2;

-- name: emoji_count
SELECT count(*) FROM emojis WHERE guild_id = ?1;

-- name: emoji_insert
INSERT INTO emojis (id, guild_id, user_id, name, picture, is_animated) VALUES (?1, ?2, ?3, ?4, ?5, ?6);

-- name: emoji_rename
UPDATE emojis SET name = ?2 WHERE id = ?1;

-- name: emoji_delete
DELETE FROM emojis WHERE id = ?1;
