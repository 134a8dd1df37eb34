-- Direct messages of two people, and groups.

-- name: direct_find
SELECT channel_id FROM direct_messages WHERE first_id = min(?1, ?2) AND second_id = max(?1, ?2);

-- name: direct_insert
INSERT INTO direct_messages (first_id, second_id, channel_id) VALUES (?1, ?2, ?3);

-- name: direct_shared_guild
SELECT a.guild_id FROM members a JOIN members b ON b.guild_id = a.guild_id JOIN guilds g ON g.id = a.guild_id
WHERE a.user_id = ?1 AND b.user_id = ?2 AND g.deleted_at_ms IS NULL LIMIT 1;

-- name: direct_guilds
SELECT m.guild_id FROM members m JOIN guilds g ON g.id = m.guild_id WHERE m.user_id = ?1 AND g.deleted_at_ms IS NULL ORDER BY m.guild_id;

-- name: direct_other
-- The other one of a direct message.
SELECT user_id FROM channel_members WHERE channel_id = ?1 AND user_id <> ?2 LIMIT 1;

-- name: direct_count_groups
-- Those that one made and is in still.
SELECT count(*) FROM group_makers g JOIN channels c ON c.id = g.channel_id
JOIN channel_members m ON m.channel_id = g.channel_id AND m.user_id = g.user_id WHERE g.user_id = ?1 AND c.deleted_at_ms IS NULL;

-- name: direct_insert_group_maker
INSERT INTO group_makers (channel_id, user_id) VALUES (?1, ?2);
