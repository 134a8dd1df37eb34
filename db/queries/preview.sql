-- Previews of links (domain/preview). Their rows are those of message_embeds with is_preview = 1.

-- name: preview_find_message
SELECT channel_id, author_id, content, edited_at_ms, flags, parts FROM messages WHERE id = ?1 AND deleted_at_ms IS NULL;

-- name: preview_list
SELECT embed FROM message_embeds WHERE message_id = ?1 AND is_preview = 1 ORDER BY position;

-- name: preview_insert
INSERT INTO message_embeds (message_id, position, is_preview, embed) VALUES (?1, ?2, 1, ?3);
