-- name: audit_insert
INSERT INTO audit_log (id, guild_id, actor_id, action, target_id, reason, changes, options)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);
