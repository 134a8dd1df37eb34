-- name: role_insert
INSERT INTO roles (id, guild_id, name, permissions, position, color, is_hoisted, is_mentionable)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);

-- name: role_find
SELECT id, name, permissions, position, color, is_hoisted, is_mentionable FROM roles WHERE id = ?1 AND guild_id = ?2;

-- name: role_list
-- Highest first; of two in one position the older is higher.
SELECT id, name, permissions, position, color, is_hoisted, is_mentionable FROM roles WHERE guild_id = ?1
ORDER BY position DESC, id;

-- name: role_count
SELECT count(*) FROM roles WHERE guild_id = ?1;

-- name: role_update
UPDATE roles SET name = ?2, permissions = ?3, color = ?4, is_hoisted = ?5, is_mentionable = ?6 WHERE id = ?1;

-- name: role_set_position
UPDATE roles SET position = ?2 WHERE id = ?1;

-- name: role_delete
-- It goes from its members with its row.
DELETE FROM roles WHERE id = ?1;

-- name: overwrite_list_channels_of_role
SELECT c.id FROM channels c JOIN overwrites o ON o.channel_id = c.id AND o.target_id = ?2 AND o.target = 0
WHERE c.guild_id = ?1 AND c.deleted_at_ms IS NULL AND c.type IN (0, 4);

-- name: role_list_ids_of_member
SELECT role_id FROM member_roles WHERE guild_id = ?1 AND user_id = ?2 ORDER BY role_id;

-- name: role_list_bits_of_member
SELECT r.id, r.permissions FROM member_roles m JOIN roles r ON r.id = m.role_id
WHERE m.guild_id = ?1 AND m.user_id = ?2 ORDER BY r.id;

-- name: role_rank
SELECT position FROM roles WHERE id = ?1 AND guild_id = ?2;

-- name: role_find_in_guild
SELECT 1 FROM roles WHERE id = ?1 AND guild_id = ?2;

-- name: role_bits
SELECT permissions FROM roles WHERE id = ?1;

-- name: role_count_members
SELECT role_id, count(*) FROM member_roles WHERE guild_id = ?1 GROUP BY role_id;
