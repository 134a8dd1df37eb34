-- name: guild_find
SELECT owner_id, name, icon, description FROM guilds WHERE id = ?1 AND deleted_at_ms IS NULL;

-- name: guild_insert
INSERT INTO guilds (id, owner_id, name) VALUES (?1, ?2, ?3);

-- name: guild_update
UPDATE guilds SET owner_id = ?2, name = ?3, icon = ?4, description = ?5 WHERE id = ?1;

-- name: guild_count_owned
SELECT count(*) FROM guilds WHERE owner_id = ?1 AND deleted_at_ms IS NULL;

-- name: guild_list_of_user
SELECT g.id, g.owner_id, g.name, g.icon FROM members m JOIN guilds g ON g.id = m.guild_id
WHERE m.user_id = ?1 AND m.guild_id > ?2 AND m.guild_id < ?3 ORDER BY m.guild_id LIMIT ?4;

-- name: guild_first_of_user
SELECT guild_id FROM members WHERE user_id = ?1 ORDER BY guild_id LIMIT 1;

-- name: guild_find_member
SELECT u.id FROM users u JOIN members m ON m.user_id = u.id WHERE u.username = ?2 AND m.guild_id = ?1;

-- name: guild_mark_deleted
UPDATE guilds SET deleted_at_ms = ?2, name = '', icon = NULL, description = NULL WHERE id = ?1;

-- name: guild_delete_members
DELETE FROM members WHERE guild_id = ?1;

-- name: guild_delete_invites
DELETE FROM invites WHERE guild_id = ?1;

-- name: guild_next_to_purge
-- scan: its index holds nothing but workspaces that wait, and one is taken
SELECT id FROM guilds WHERE deleted_at_ms IS NOT NULL AND is_purged = 0 LIMIT 1;

-- name: guild_purge_audit
DELETE FROM audit_log WHERE id IN (SELECT id FROM audit_log WHERE guild_id = ?1 LIMIT ?2);

-- name: guild_purge_bans
DELETE FROM bans WHERE guild_id = ?1 AND user_id IN (SELECT user_id FROM bans WHERE guild_id = ?1 LIMIT ?2);

-- name: guild_purge_timeouts
DELETE FROM kept_timeouts WHERE guild_id = ?1 AND user_id IN (SELECT user_id FROM kept_timeouts WHERE guild_id = ?1 LIMIT ?2);

-- name: guild_purge_roles
DELETE FROM roles WHERE id IN (SELECT id FROM roles WHERE guild_id = ?1 LIMIT ?2);

-- name: guild_mark_purged
UPDATE guilds SET is_purged = 1 WHERE id = ?1;

-- name: guild_next_owned
SELECT id FROM guilds WHERE owner_id = ?1 AND id > ?2 AND deleted_at_ms IS NULL ORDER BY id LIMIT 1;
