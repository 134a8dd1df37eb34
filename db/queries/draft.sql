-- What is written and not sent yet. Queries that give a whole one all have the same columns (cgi/domain/draft/draft_json.c).

-- name: draft_find
SELECT channel_id, revision, updated_at_ms, nonce, content FROM drafts WHERE user_id = ?1 AND channel_id = ?2;

-- name: draft_list
SELECT channel_id, revision, updated_at_ms, nonce, content FROM drafts WHERE user_id = ?1 ORDER BY revision DESC LIMIT ?2;

-- name: draft_list_channels
SELECT channel_id FROM drafts WHERE user_id = ?1 ORDER BY channel_id LIMIT ?2;

-- name: draft_count
SELECT count(*) FROM drafts WHERE user_id = ?1;

-- name: draft_put
INSERT INTO drafts (user_id, channel_id, revision, updated_at_ms, nonce, content) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (user_id, channel_id) DO UPDATE SET revision = ?3, updated_at_ms = ?4, nonce = ?5, content = ?6;

-- name: draft_delete
DELETE FROM drafts WHERE user_id = ?1 AND channel_id = ?2;

-- name: draft_delete_sent
DELETE FROM drafts WHERE user_id = ?1 AND channel_id = ?2 AND (revision = ?3 OR nonce = ?4);

-- name: draft_delete_user
DELETE FROM drafts WHERE user_id = ?1;
