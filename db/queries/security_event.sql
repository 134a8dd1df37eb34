-- name: security_event_insert
INSERT INTO security_events (id, kind, user_id, address, detail) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: security_event_prune
DELETE FROM security_events WHERE kind = ?1
	AND id <= (SELECT id FROM security_events WHERE kind = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2);

-- name: security_event_count_of_user
-- As many as there are since then, up to a few.
SELECT count(*) FROM (SELECT 1 FROM security_events WHERE user_id = ?1 AND kind = ?2 AND id >= ?3 LIMIT ?4);

-- name: security_event_list
SELECT e.id, e.kind, e.user_id, u.username, e.address, e.detail
FROM security_events e LEFT JOIN users u ON u.id = e.user_id WHERE e.id < ?1 ORDER BY e.id DESC LIMIT ?2;

-- name: security_event_list_of_kind
SELECT e.id, e.kind, e.user_id, u.username, e.address, e.detail
FROM security_events e LEFT JOIN users u ON u.id = e.user_id
WHERE e.kind = ?3 AND e.id < ?1 ORDER BY e.id DESC LIMIT ?2;

-- name: security_event_list_of_user
SELECT e.id, e.kind, e.user_id, u.username, e.address, e.detail
FROM security_events e LEFT JOIN users u ON u.id = e.user_id
WHERE e.user_id = ?3 AND e.id < ?1 AND (?4 IS NULL OR e.kind = ?4) ORDER BY e.id DESC LIMIT ?2;
