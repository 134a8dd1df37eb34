-- Files of messages that are sent later. Until then they hang on those, and take of their author's room as the files of
-- messages do; a file ends with the last of both kinds that shows it.
CREATE TABLE scheduled_files (
	id INTEGER PRIMARY KEY,
	scheduled_id INTEGER NOT NULL REFERENCES scheduled_messages (id) ON DELETE CASCADE,
	user_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	hash TEXT NOT NULL REFERENCES files (hash),
	size INTEGER NOT NULL,
	name TEXT NOT NULL,
	description TEXT,
	flags INTEGER NOT NULL DEFAULT 0,
	UNIQUE (scheduled_id, position)
) STRICT;
CREATE INDEX scheduled_files_by_hash ON scheduled_files (hash);

CREATE TRIGGER scheduled_files_come AFTER INSERT ON scheduled_files BEGIN
	INSERT INTO file_usage (user_id, bytes) VALUES (new.user_id, new.size)
	ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER scheduled_files_go AFTER DELETE ON scheduled_files BEGIN
	UPDATE file_usage SET bytes = bytes - old.size WHERE user_id = old.user_id;
	INSERT INTO file_removals (hash) SELECT old.hash
	WHERE NOT EXISTS (SELECT 1 FROM attachments WHERE hash = old.hash)
	AND NOT EXISTS (SELECT 1 FROM scheduled_files WHERE hash = old.hash) ON CONFLICT DO NOTHING;
END;
DROP TRIGGER attachments_go;
CREATE TRIGGER attachments_go AFTER DELETE ON attachments BEGIN
	UPDATE file_usage SET bytes = bytes - old.size WHERE user_id = old.user_id;
	INSERT INTO file_removals (hash) SELECT old.hash
	WHERE NOT EXISTS (SELECT 1 FROM attachments WHERE hash = old.hash)
	AND NOT EXISTS (SELECT 1 FROM scheduled_files WHERE hash = old.hash) ON CONFLICT DO NOTHING;
END;
