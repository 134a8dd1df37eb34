-- name: reaction_list_kinds
-- Of a message, with what a custom emoji is called now and whether ?2 reacted with it.
SELECT k.emoji_id, coalesce(e.name, k.name), k.count, e.is_animated, k.emoji_id <> 0 AND e.id IS NULL,
	EXISTS (SELECT 1 FROM reactions r WHERE r.message_id = k.message_id AND r.position = k.position AND r.user_id = ?2)
FROM reaction_kinds k LEFT JOIN emojis e ON e.id = k.emoji_id WHERE k.message_id = ?1 ORDER BY k.position;

-- name: reaction_find_kind
SELECT position, count, name FROM reaction_kinds WHERE message_id = ?1 AND emoji_id = ?2 AND (?2 <> 0 OR name = ?3);

-- name: reaction_count_kinds
SELECT count(*), coalesce(max(position), 0) FROM reaction_kinds WHERE message_id = ?1;

-- name: reaction_insert_kind
INSERT INTO reaction_kinds (message_id, position, emoji_id, name, count) VALUES (?1, ?2, ?3, ?4, 1);

-- name: reaction_add_to_kind
UPDATE reaction_kinds SET count = count + ?3 WHERE message_id = ?1 AND position = ?2;

-- name: reaction_delete_kind
DELETE FROM reaction_kinds WHERE message_id = ?1 AND position = ?2;

-- name: reaction_delete_kinds
DELETE FROM reaction_kinds WHERE message_id = ?1;

-- name: reaction_insert
INSERT INTO reactions (message_id, position, user_id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING;

-- name: reaction_delete
DELETE FROM reactions WHERE message_id = ?1 AND position = ?2 AND user_id = ?3;

-- name: reaction_list_users
SELECT u.id, u.username, u.display_name, u.avatar, u.is_bot FROM reactions r JOIN users u ON u.id = r.user_id
WHERE r.message_id = ?1 AND r.position = ?2 AND r.user_id > ?3 ORDER BY r.user_id LIMIT ?4;

-- name: reaction_removal_insert
INSERT INTO reaction_removals (user_id) VALUES (?1) ON CONFLICT DO NOTHING;

-- name: reaction_removal_first
-- scan: the first row is taken
SELECT user_id FROM reaction_removals LIMIT 1;

-- name: reaction_removal_delete
DELETE FROM reaction_removals WHERE user_id = ?1;

-- name: reaction_first_of_user
SELECT r.message_id, r.position, m.channel_id, k.emoji_id, k.name, k.count, m.author_id FROM reactions r
	JOIN messages m ON m.id = r.message_id JOIN reaction_kinds k ON k.message_id = r.message_id AND k.position = r.position
WHERE r.user_id = ?1 ORDER BY r.message_id, r.position LIMIT 1;
