-- name: block_find
SELECT 1 FROM blocks WHERE user_id = ?1 AND blocked_id = ?2;

-- name: block_count
SELECT count(*) FROM blocks WHERE user_id = ?1;

-- name: block_list
SELECT blocked_id, created_at_ms FROM blocks WHERE user_id = ?1 ORDER BY created_at_ms DESC, blocked_id DESC;

-- name: block_insert
INSERT INTO blocks (user_id, blocked_id, created_at_ms) VALUES (?1, ?2, ?3);

-- name: block_delete
DELETE FROM blocks WHERE user_id = ?1 AND blocked_id = ?2;

-- name: block_find_blocker
SELECT user_id FROM blocks WHERE blocked_id = ?1 LIMIT 1;

-- name: block_delete_all_by
DELETE FROM blocks WHERE user_id = ?1;
