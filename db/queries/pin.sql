-- name: pin_list
-- Newest first. Two of one millisecond never fall on two sides of a page: pin_insert gives each a time of its own.
SELECT message_id, pinned_at_ms FROM pins WHERE channel_id = ?1 AND pinned_at_ms < ?2 ORDER BY pinned_at_ms DESC LIMIT ?3;

-- name: pin_find_message
SELECT author_id, type, parts FROM messages WHERE id = ?1 AND channel_id = ?2 AND deleted_at_ms IS NULL;

-- name: pin_count
SELECT count(*) FROM pins WHERE channel_id = ?1;

-- name: pin_last
SELECT max(pinned_at_ms) FROM pins WHERE channel_id = ?1;

-- name: pin_insert
INSERT INTO pins (channel_id, message_id, pinned_at_ms, pinned_by)
SELECT ?1, ?2, max(?3, coalesce((SELECT max(pinned_at_ms) + 1 FROM pins WHERE channel_id = ?1), 0)), ?4;

-- name: pin_delete
DELETE FROM pins WHERE message_id = ?1;
