-- name: saved_find
SELECT id FROM saved_messages WHERE message_id = ?1 AND user_id = ?2;

-- name: saved_count
SELECT count(*) FROM saved_messages WHERE user_id = ?1;

-- name: saved_insert
INSERT INTO saved_messages (id, user_id, message_id, channel_id) VALUES (?1, ?2, ?3, ?4);

-- name: saved_delete
DELETE FROM saved_messages WHERE message_id = ?1 AND user_id = ?2 AND channel_id = ?3;

-- name: saved_delete_message
DELETE FROM saved_messages WHERE message_id = ?1;

-- name: saved_delete_user
DELETE FROM saved_messages WHERE user_id = ?1;

-- name: saved_list
SELECT id, message_id, channel_id FROM saved_messages WHERE user_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3;
