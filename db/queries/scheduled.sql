-- Messages that are sent later. Queries that give a whole one all have the same columns (cgi/domain/scheduled/scheduled_json.c).

-- name: scheduled_list
SELECT s.id, s.channel_id, c.guild_id, s.content, s.send_at_ms, s.failure
FROM scheduled_messages s JOIN channels c ON c.id = s.channel_id WHERE s.author_id = ?1 ORDER BY s.send_at_ms, s.id LIMIT ?2;

-- name: scheduled_find
SELECT s.id, s.channel_id, c.guild_id, s.content, s.send_at_ms, s.failure
FROM scheduled_messages s JOIN channels c ON c.id = s.channel_id WHERE s.id = ?1 AND s.author_id = ?2;

-- name: scheduled_count
SELECT count(*) FROM scheduled_messages WHERE author_id = ?1;

-- name: scheduled_insert
INSERT INTO scheduled_messages (id, channel_id, author_id, content, send_at_ms) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: scheduled_update
UPDATE scheduled_messages SET content = ?2, send_at_ms = ?3, failure = NULL WHERE id = ?1;

-- name: scheduled_delete
DELETE FROM scheduled_messages WHERE id = ?1 AND author_id = ?2;

-- name: scheduled_next_due
SELECT id, channel_id, author_id, content FROM scheduled_messages WHERE failure IS NULL AND send_at_ms <= ?1 ORDER BY send_at_ms LIMIT 1;

-- name: scheduled_fail
UPDATE scheduled_messages SET failure = ?2 WHERE id = ?1;

-- name: scheduled_put_off
UPDATE scheduled_messages SET send_at_ms = ?2 WHERE id = ?1;

-- name: scheduled_scrub_all_of
-- What the event log has of them.
UPDATE events SET type = '_SCRUBBED', payload = '' WHERE message_id IN (SELECT id FROM scheduled_messages WHERE author_id = ?1);

-- name: scheduled_delete_all_of
DELETE FROM scheduled_messages WHERE author_id = ?1;
