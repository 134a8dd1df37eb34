-- name: audit_insert
INSERT INTO audit_log (id, guild_id, actor_id, action, target_id, channel_id, reason, changes, options)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9);

-- Every list takes the same parameters: ?1 guild, ?2 before, ?3 actor, ?4 action, ?5 target, ?6 pattern of the reason,
-- ?7 after. How many are taken is not said here, because who reads leaves out what they may not see.

-- name: audit_list
SELECT id, actor_id, action, target_id, reason, changes, options, channel_id FROM audit_log
WHERE guild_id = ?1 AND id < ?2 AND id > ?7 AND (?6 IS NULL OR reason LIKE ?6 ESCAPE '!') AND ?3 IS NULL AND ?4 IS NULL AND ?5 IS NULL
ORDER BY id DESC;

-- name: audit_list_of_actor
SELECT id, actor_id, action, target_id, reason, changes, options, channel_id FROM audit_log
WHERE guild_id = ?1 AND actor_id = ?3 AND id < ?2 AND id > ?7 AND (?4 IS NULL OR action = ?4) AND (?5 IS NULL OR target_id = ?5)
	AND (?6 IS NULL OR reason LIKE ?6 ESCAPE '!')
ORDER BY id DESC;

-- name: audit_list_of_action
SELECT id, actor_id, action, target_id, reason, changes, options, channel_id FROM audit_log
WHERE guild_id = ?1 AND action = ?4 AND id < ?2 AND id > ?7 AND (?3 IS NULL OR actor_id = ?3) AND (?5 IS NULL OR target_id = ?5)
	AND (?6 IS NULL OR reason LIKE ?6 ESCAPE '!')
ORDER BY id DESC;

-- name: audit_list_of_target
SELECT id, actor_id, action, target_id, reason, changes, options, channel_id FROM audit_log
WHERE guild_id = ?1 AND target_id = ?5 AND id < ?2 AND id > ?7 AND (?3 IS NULL OR actor_id = ?3) AND (?4 IS NULL OR action = ?4)
	AND (?6 IS NULL OR reason LIKE ?6 ESCAPE '!')
ORDER BY id DESC;

-- name: audit_list_after
SELECT id, actor_id, action, target_id, reason, changes, options, channel_id FROM audit_log
WHERE guild_id = ?1 AND id > ?7 AND id < ?2 AND (?3 IS NULL OR actor_id = ?3) AND (?4 IS NULL OR action = ?4)
	AND (?5 IS NULL OR target_id = ?5) AND (?6 IS NULL OR reason LIKE ?6 ESCAPE '!')
ORDER BY id;

-- name: audit_find_user
SELECT id FROM users WHERE username = ?1;
