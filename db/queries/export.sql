-- Everything of one account, for its owner.

-- name: export_sizes
-- What there is at each message, in order of ids: first what the account wrote, then what it put on it. Of an edited
-- message what it said before counts too, and of another what stands beside its text; a reaction or vote is some 100 bytes.
SELECT id, 1 AS is_message, length(CAST(content AS BLOB)) +
	CASE WHEN edited_at_ms IS NULL THEN 0 ELSE (SELECT coalesce(sum(length(CAST(v.content AS BLOB))), 0) FROM message_versions v WHERE v.message_id = m.id) END +
	CASE WHEN parts = 0 THEN 0 ELSE (SELECT coalesce(sum(length(CAST(e.embed AS BLOB))), 0) FROM message_embeds e WHERE e.message_id = m.id) END
FROM messages m WHERE author_id = ?1 AND id > ?2 AND deleted_at_ms IS NULL
UNION ALL SELECT message_id, 0, 100 FROM reactions WHERE user_id = ?1 AND message_id > ?2
UNION ALL SELECT message_id, 0, 100 FROM poll_votes WHERE user_id = ?1 AND message_id > ?2
ORDER BY 1, 2 DESC;

-- name: export_messages
SELECT m.id, m.channel_id, c.guild_id, m.edited_at_ms, m.content, m.type, m.flags, m.parts, m.reference_id
FROM messages m JOIN channels c ON c.id = m.channel_id
WHERE m.author_id = ?1 AND m.id > ?2 AND m.id <= ?3 AND m.deleted_at_ms IS NULL ORDER BY m.id;

-- name: export_reactions
SELECT m.channel_id, r.message_id, k.emoji_id, k.name FROM reactions r JOIN messages m ON m.id = r.message_id
	JOIN reaction_kinds k ON k.message_id = r.message_id AND k.position = r.position
WHERE r.user_id = ?1 AND r.message_id > ?2 AND r.message_id <= ?3 ORDER BY r.message_id, r.position;

-- name: export_votes
SELECT m.channel_id, v.message_id, v.answer_id FROM poll_votes v JOIN messages m ON m.id = v.message_id
WHERE v.user_id = ?1 AND v.message_id > ?2 AND v.message_id <= ?3 ORDER BY v.message_id, v.answer_id;

-- name: export_guilds
SELECT g.id, g.name, m.nickname, m.joined_at_ms, g.owner_id = ?1 FROM members m JOIN guilds g ON g.id = m.guild_id
WHERE m.user_id = ?1 ORDER BY g.id;

-- name: export_channels
SELECT c.id, c.guild_id, c.type, c.name, m.joined_at_ms, m.muted_until_ms, m.notification_level FROM channel_members m
JOIN channels c ON c.id = m.channel_id WHERE m.user_id = ?1 AND c.deleted_at_ms IS NULL ORDER BY c.id;

-- name: export_sessions
SELECT id, kind, name, device, address, created_at_ms, last_used_at_ms, expires_at_ms FROM sessions
WHERE user_id = ?1 AND ended_at_ms IS NULL ORDER BY created_at_ms;

-- name: export_bots
SELECT id, username, bot_guild_id FROM users WHERE bot_owner_id = ?1 AND deleted_at_ms IS NULL ORDER BY id;

-- name: export_saved
SELECT channel_id, message_id, id FROM saved_messages WHERE user_id = ?1 ORDER BY id;
