-- name: event_insert
INSERT INTO events (seq, type, guild_id, channel_id, user_id, message_id, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: event_insert_for_members
INSERT INTO events (seq, type, user_id, payload)
SELECT ?2 + row_number() OVER (ORDER BY user_id), ?3, user_id, ?4 FROM members WHERE guild_id = ?1;

-- name: event_insert_for_people
INSERT INTO events (seq, type, user_id, payload)
SELECT ?2 + row_number() OVER (ORDER BY user_id), ?3, user_id, ?4 FROM channel_members WHERE channel_id = ?1;

-- name: event_list_after
SELECT seq, type, guild_id, channel_id, user_id, message_id, payload FROM events WHERE seq > ?1 ORDER BY seq LIMIT ?2;

-- name: event_range
SELECT CAST((SELECT value FROM meta WHERE key = 'epoch') AS INTEGER), CAST((SELECT value FROM meta WHERE key = 'pruned') AS INTEGER),
	(SELECT max(seq) FROM events);

-- name: event_scrub_message
UPDATE events SET type = '_SCRUBBED', payload = '' WHERE message_id = ?1 AND type <> 'MESSAGE_DELETE';

-- name: event_prune
DELETE FROM events WHERE seq IN (SELECT seq FROM events WHERE seq <= ?1 ORDER BY seq LIMIT ?2);

-- name: event_set_pruned
UPDATE meta SET value = ?1 WHERE key = 'pruned';

-- name: event_set_epoch
UPDATE meta SET value = ?1 WHERE key = 'epoch';

-- name: event_highest_ids
SELECT max((SELECT coalesce(max(id), 0) FROM messages), (SELECT coalesce(max(id), 0) FROM channels),
	(SELECT coalesce(max(id), 0) FROM users), (SELECT coalesce(max(id), 0) FROM guilds),
	(SELECT coalesce(max(id), 0) FROM roles), (SELECT coalesce(max(id), 0) FROM sessions),
	(SELECT coalesce(max(id), 0) FROM audit_log));
