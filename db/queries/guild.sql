-- name: guild_find
SELECT owner_id, name, icon, description FROM guilds WHERE id = ?1;

-- name: guild_insert
INSERT INTO guilds (id, owner_id, name) VALUES (?1, ?2, ?3);

-- name: guild_list_of_user
SELECT g.id, g.owner_id, g.name, g.icon FROM members m JOIN guilds g ON g.id = m.guild_id
WHERE m.user_id = ?1 AND m.guild_id > ?2 AND m.guild_id < ?3 ORDER BY m.guild_id LIMIT ?4;

-- name: guild_first_of_user
SELECT guild_id FROM members WHERE user_id = ?1 ORDER BY guild_id LIMIT 1;
