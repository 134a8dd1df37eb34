-- name: member_find
SELECT nickname, joined_at_ms, timeout_until_ms FROM members WHERE guild_id = ?1 AND user_id = ?2;

-- name: member_list
SELECT user_id FROM members WHERE guild_id = ?1 AND user_id > ?2 ORDER BY user_id LIMIT ?3;

-- name: member_search
-- The workspace's members are walked through by id: there is no index of parts of names.
SELECT m.user_id FROM members m JOIN users u ON u.id = m.user_id WHERE m.guild_id = ?1 AND m.user_id > ?3
	AND (u.username LIKE ?2 ESCAPE '!' OR u.display_name LIKE ?2 ESCAPE '!' OR m.nickname LIKE ?2 ESCAPE '!')
ORDER BY m.user_id LIMIT ?4;

-- name: member_list_of_role
SELECT user_id FROM member_roles WHERE role_id = ?1 AND user_id > ?2 ORDER BY user_id LIMIT ?3;

-- name: member_update
UPDATE members SET nickname = ?3, timeout_until_ms = ?4 WHERE guild_id = ?1 AND user_id = ?2;

-- name: member_role_insert
INSERT INTO member_roles (guild_id, user_id, role_id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING;

-- name: member_role_delete
DELETE FROM member_roles WHERE guild_id = ?1 AND user_id = ?2 AND role_id = ?3;

-- name: member_insert
INSERT INTO members (guild_id, user_id, joined_at_ms, timeout_until_ms)
VALUES (?1, ?2, ?3, (SELECT until_ms FROM kept_timeouts WHERE guild_id = ?1 AND user_id = ?2 AND until_ms > ?3)) ON CONFLICT DO NOTHING;

-- name: member_keep_timeout
INSERT INTO kept_timeouts (guild_id, user_id, until_ms) VALUES (?1, ?2, ?3)
ON CONFLICT (guild_id, user_id) DO UPDATE SET until_ms = excluded.until_ms;

-- name: member_drop_timeout
DELETE FROM kept_timeouts WHERE guild_id = ?1 AND user_id = ?2;

-- name: member_count
SELECT count(*) FROM members WHERE guild_id = ?1;

-- name: member_perm
SELECT g.owner_id = ?2, e.permissions, m.timeout_until_ms FROM members m JOIN guilds g ON g.id = m.guild_id
JOIN roles e ON e.id = g.id WHERE m.guild_id = ?1 AND m.user_id = ?2 AND g.deleted_at_ms IS NULL;

-- name: member_rank
SELECT g.owner_id = ?2, r.position, r.id FROM members m JOIN guilds g ON g.id = m.guild_id
LEFT JOIN member_roles mr ON mr.guild_id = m.guild_id AND mr.user_id = m.user_id LEFT JOIN roles r ON r.id = mr.role_id
WHERE m.guild_id = ?1 AND m.user_id = ?2 ORDER BY r.position DESC, r.id LIMIT 1;

-- name: member_delete
-- Its roles go with it.
DELETE FROM members WHERE guild_id = ?1 AND user_id = ?2;

-- name: member_set_temporary
UPDATE members SET is_temporary = ?3 WHERE guild_id = ?1 AND user_id = ?2;

-- name: member_list_temporary_due
SELECT m.guild_id, m.user_id, g.owner_id = m.user_id,
	EXISTS (SELECT 1 FROM member_roles r WHERE r.guild_id = m.guild_id AND r.user_id = m.user_id)
FROM members m JOIN guilds g ON g.id = m.guild_id WHERE m.is_temporary = 1 AND m.joined_at_ms <= ?1 LIMIT ?2;
