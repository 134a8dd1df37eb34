-- name: role_insert
INSERT INTO roles (id, guild_id, name, permissions, position) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: role_list
SELECT id, name, permissions, position, color, is_hoisted, is_mentionable FROM roles WHERE guild_id = ?1 ORDER BY position, id;

-- name: role_list_ids_of_member
SELECT role_id FROM member_roles WHERE guild_id = ?1 AND user_id = ?2 ORDER BY role_id;

-- name: role_list_bits_of_member
SELECT r.id, r.permissions FROM member_roles m JOIN roles r ON r.id = m.role_id
WHERE m.guild_id = ?1 AND m.user_id = ?2 ORDER BY r.id;

-- name: role_rank
SELECT position FROM roles WHERE id = ?1 AND guild_id = ?2;

-- name: role_find_in_guild
SELECT 1 FROM roles WHERE id = ?1 AND guild_id = ?2;
