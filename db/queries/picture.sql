-- name: picture_insert
INSERT INTO pictures (hash, content) VALUES (?1, ?2) ON CONFLICT (hash) DO NOTHING;

-- name: picture_find
SELECT content FROM pictures WHERE hash = ?1;

-- name: picture_delete_unused
DELETE FROM pictures WHERE hash = ?1 AND NOT EXISTS (SELECT 1 FROM users WHERE avatar = ?1)
	AND NOT EXISTS (SELECT 1 FROM guilds WHERE icon = ?1) AND NOT EXISTS (SELECT 1 FROM emojis WHERE picture = ?1);
