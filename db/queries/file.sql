-- name: file_find
SELECT a.message_id, a.hash, f.type, a.name, f.object, f.size, f.thumbnail_size IS NOT NULL, f.is_local
FROM attachments a JOIN files f ON f.hash = a.hash JOIN channels c ON c.id = a.channel_id
WHERE a.id = ?1 AND a.channel_id = ?2 AND c.deleted_at_ms IS NULL;

-- name: file_list_of_message
SELECT a.id, a.channel_id, a.name, a.size, f.type, a.description, f.width, f.height, a.duration_ms, a.waveform, a.flags,
	f.thumbnail_size IS NOT NULL, f.is_animated, a.message_id
FROM attachments a JOIN files f ON f.hash = a.hash WHERE a.message_id = ?1 ORDER BY a.position;

-- name: file_usage
SELECT coalesce((SELECT bytes FROM file_usage WHERE user_id = ?1), 0), coalesce((SELECT bytes FROM file_usage WHERE user_id = 0), 0);

-- name: file_exists
SELECT size, is_local FROM files WHERE hash = ?1;

-- name: file_insert
INSERT INTO files (hash, size, type, width, height, created_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6);

-- name: attachment_insert
INSERT INTO attachments (id, message_id, channel_id, user_id, position, hash, size, name, description, duration_ms, waveform, flags)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12);

-- name: attachment_next_position
SELECT count(*), coalesce(max(position) + 1, 0) FROM attachments WHERE message_id = ?1;

-- name: attachment_list_ids
SELECT id FROM attachments WHERE message_id = ?1 ORDER BY position;

-- name: attachment_copy_source
SELECT hash, size, name, description, duration_ms, waveform, flags FROM attachments WHERE message_id = ?1 ORDER BY position;

-- name: scheduled_file_copy_source
SELECT hash, size, name, description, NULL, NULL, flags FROM scheduled_files WHERE scheduled_id = ?1 ORDER BY position;

-- name: scheduled_file_insert
INSERT INTO scheduled_files (id, scheduled_id, user_id, position, hash, size, name, description, flags)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9);

-- name: scheduled_file_count
SELECT count(*) FROM scheduled_files WHERE scheduled_id = ?1;

-- name: scheduled_file_list
SELECT s.id, s.name, s.size, f.type, s.description, f.width, f.height, s.flags
FROM scheduled_files s JOIN files f ON f.hash = s.hash WHERE s.scheduled_id = ?1 ORDER BY s.position;

-- name: attachment_delete
DELETE FROM attachments WHERE id = ?1;

-- name: attachment_describe
UPDATE attachments SET description = ?2 WHERE id = ?1 AND description IS NOT ?2;

-- name: attachment_delete_of_message
DELETE FROM attachments WHERE message_id = ?1;

-- name: file_picture
SELECT width, height, thumbnail_size FROM files WHERE hash = ?1;

-- name: file_set_picture
UPDATE files SET width = ?2, height = ?3, thumbnail_size = ?4, is_animated = ?5 WHERE hash = ?1;

-- name: file_list_shown
-- The newest messages that show a file: those are what somebody may be looking at.
SELECT channel_id, message_id FROM attachments WHERE hash = ?1 ORDER BY id DESC LIMIT ?2;

-- name: file_object
SELECT object FROM files WHERE hash = ?1;

-- name: file_set_object
UPDATE files SET object = ?2, object_at_ms = ?3 WHERE hash = ?1 AND object IS NULL;

-- name: file_list_to_drop
-- A picture stays until it has its thumbnail, which is made of what is here; an hour at most.
SELECT hash FROM files WHERE object IS NOT NULL AND is_local = 1 AND object_at_ms <= ?1
	AND (type NOT LIKE 'image/%' OR thumbnail_size IS NOT NULL OR object_at_ms <= ?1 - 3600000) LIMIT ?2;

-- name: file_is_known
SELECT count(*) FROM files WHERE hash = ?1;

-- name: file_set_dropped
UPDATE files SET is_local = 0 WHERE hash = ?1;

-- name: file_removal_list
-- scan: what waits to be taken from the disk is little, and all of it is wanted
SELECT hash, object FROM file_removals LIMIT ?1;

-- name: file_removal_state
SELECT EXISTS (SELECT 1 FROM attachments WHERE hash = ?1) OR EXISTS (SELECT 1 FROM scheduled_files WHERE hash = ?1), (SELECT coalesce(object, '') FROM files WHERE hash = ?1);

-- name: file_delete
DELETE FROM files WHERE hash = ?1;

-- name: file_removal_set_object
UPDATE file_removals SET object = ?2 WHERE hash = ?1;

-- name: file_removal_delete
DELETE FROM file_removals WHERE hash = ?1;
