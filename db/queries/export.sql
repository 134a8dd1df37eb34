-- Everything of one account, for its owner.

-- name: export_sizes
-- Of an edited message what it said before counts too, and of another what stands beside its text.
SELECT id, length(CAST(content AS BLOB)) +
	CASE WHEN edited_at_ms IS NULL THEN 0 ELSE (SELECT coalesce(sum(length(CAST(v.content AS BLOB))), 0) FROM message_versions v WHERE v.message_id = m.id) END +
	CASE WHEN parts = 0 THEN 0 ELSE (SELECT coalesce(sum(length(CAST(e.embed AS BLOB))), 0) FROM message_embeds e WHERE e.message_id = m.id) END
FROM messages m WHERE author_id = ?1 AND deleted_at_ms IS NULL ORDER BY id;

-- name: export_messages
SELECT m.id, m.channel_id, c.guild_id, m.edited_at_ms, m.content, m.type, m.flags, m.parts, m.reference_id,
	length(CAST(content AS BLOB)) +
	CASE WHEN edited_at_ms IS NULL THEN 0 ELSE (SELECT coalesce(sum(length(CAST(v.content AS BLOB))), 0) FROM message_versions v WHERE v.message_id = m.id) END +
	CASE WHEN parts = 0 THEN 0 ELSE (SELECT coalesce(sum(length(CAST(e.embed AS BLOB))), 0) FROM message_embeds e WHERE e.message_id = m.id) END
FROM messages m JOIN channels c ON c.id = m.channel_id
WHERE m.author_id = ?1 AND m.id > ?2 AND m.deleted_at_ms IS NULL ORDER BY m.id;

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
