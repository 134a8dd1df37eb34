-- Who made a group, whoever owns it by now: what somebody may make is not used up by what others hand over to them.
CREATE TABLE group_makers (
	channel_id INTEGER PRIMARY KEY REFERENCES channels (id) ON DELETE CASCADE,
	user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX group_makers_by_user ON group_makers (user_id);
INSERT INTO group_makers (channel_id, user_id) SELECT id, owner_id FROM channels WHERE type = 3 AND owner_id IS NOT NULL AND deleted_at_ms IS NULL;
