-- name: member_find
SELECT nickname, joined_at_ms FROM members WHERE guild_id = ?1 AND user_id = ?2;

-- name: member_insert
INSERT INTO members (guild_id, user_id, joined_at_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING;

-- name: member_count
SELECT count(*) FROM members WHERE guild_id = ?1;

-- name: member_perm
SELECT g.owner_id = ?2, e.permissions FROM members m JOIN guilds g ON g.id = m.guild_id JOIN roles e ON e.id = g.id
WHERE m.guild_id = ?1 AND m.user_id = ?2;
