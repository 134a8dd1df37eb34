-- name: poll_find
SELECT question, expires_at_ms, is_multiple, ended_at_ms, (SELECT count(*) FROM poll_answers a WHERE a.message_id = p.message_id)
FROM polls p WHERE message_id = ?1;

-- name: poll_list_answers
-- Of a message, with what a custom emoji is called now and whether ?2 voted for it.
SELECT a.answer_id, a.text, a.count, a.emoji_id, coalesce(e.name, a.emoji_name), e.is_animated, a.emoji_id <> 0 AND e.id IS NULL,
	EXISTS (SELECT 1 FROM poll_votes v WHERE v.message_id = a.message_id AND v.answer_id = a.answer_id AND v.user_id = ?2)
FROM poll_answers a LEFT JOIN emojis e ON e.id = a.emoji_id WHERE a.message_id = ?1 ORDER BY a.answer_id;

-- name: poll_list_voters
SELECT u.id, u.username, u.display_name, u.avatar, u.is_bot FROM poll_votes v JOIN users u ON u.id = v.user_id
WHERE v.message_id = ?1 AND v.answer_id = ?2 AND v.user_id > ?3 ORDER BY v.user_id LIMIT ?4;

-- name: poll_list_own_votes
SELECT answer_id FROM poll_votes WHERE user_id = ?1 AND message_id = ?2;

-- name: poll_insert
INSERT INTO polls (message_id, question, expires_at_ms, is_multiple) VALUES (?1, ?2, ?3, ?4);

-- name: poll_insert_answer
INSERT INTO poll_answers (message_id, answer_id, text, emoji_id, emoji_name) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: poll_vote_insert
INSERT INTO poll_votes (message_id, answer_id, user_id) VALUES (?1, ?2, ?3);

-- name: poll_vote_delete
DELETE FROM poll_votes WHERE message_id = ?1 AND answer_id = ?2 AND user_id = ?3;

-- name: poll_add_to_answer
UPDATE poll_answers SET count = count + ?3 WHERE message_id = ?1 AND answer_id = ?2;

-- name: poll_answer_count
SELECT count FROM poll_answers WHERE message_id = ?1 AND answer_id = ?2;

-- name: poll_end
UPDATE polls SET ended_at_ms = ?2, expires_at_ms = min(expires_at_ms, ?2) WHERE message_id = ?1;

-- name: poll_delete
DELETE FROM polls WHERE message_id = ?1;

-- name: poll_next_due
SELECT p.message_id, m.channel_id FROM polls p JOIN messages m ON m.id = p.message_id
WHERE p.ended_at_ms IS NULL AND p.expires_at_ms <= ?1 ORDER BY p.expires_at_ms LIMIT 1;

-- name: poll_first_vote_of_user
SELECT v.message_id, v.answer_id, m.channel_id, p.expires_at_ms FROM poll_votes v JOIN messages m ON m.id = v.message_id
	JOIN polls p ON p.message_id = v.message_id
WHERE v.user_id = ?1 ORDER BY v.message_id LIMIT 1;
