-- Files on messages. What was uploaded is one row of files and one file on the disk (or one object in S3), under the hash of
-- its content; every message that shows it has a row of attachments.
CREATE TABLE files (
	hash TEXT PRIMARY KEY,
	size INTEGER NOT NULL,
	type TEXT NOT NULL, -- told by its content: MIME
	width INTEGER,
	height INTEGER,
	is_animated INTEGER NOT NULL DEFAULT 0 CHECK (is_animated IN (0, 1)),
	thumbnail_size INTEGER, -- of the WebP file beside it; NULL: there is none
	object TEXT,            -- its key in S3, once it is there
	object_at_ms INTEGER,
	is_local INTEGER NOT NULL DEFAULT 1 CHECK (is_local IN (0, 1)),
	created_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX files_to_drop ON files (object_at_ms) WHERE object IS NOT NULL AND is_local = 1;

CREATE TABLE attachments (
	id INTEGER PRIMARY KEY,
	message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
	channel_id INTEGER NOT NULL,
	user_id INTEGER NOT NULL, -- who has put it there: of their quota it takes size
	position INTEGER NOT NULL,
	hash TEXT NOT NULL REFERENCES files (hash),
	size INTEGER NOT NULL,
	name TEXT NOT NULL,
	description TEXT,
	duration_ms INTEGER, -- of a voice message, with what it looks like
	waveform TEXT,
	flags INTEGER NOT NULL DEFAULT 0,
	UNIQUE (message_id, position)
) STRICT;
CREATE INDEX attachments_by_hash ON attachments (hash);

-- Bytes: of everything that is kept (user_id 0: each file once), and of what each person has put on messages.
CREATE TABLE file_usage (
	user_id INTEGER PRIMARY KEY,
	bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Files that no message showed any more when the row was made, to be taken from the disk.
CREATE TABLE file_removals (
	hash TEXT PRIMARY KEY,
	object TEXT
) STRICT, WITHOUT ROWID;

-- Attachments go in many ways, with a message, an edit, a channel; the counting is here so that none forgets it.
CREATE TRIGGER attachments_come AFTER INSERT ON attachments BEGIN
	INSERT INTO file_usage (user_id, bytes) VALUES (new.user_id, new.size)
	ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER attachments_go AFTER DELETE ON attachments BEGIN
	UPDATE file_usage SET bytes = bytes - old.size WHERE user_id = old.user_id;
	INSERT INTO file_removals (hash) SELECT old.hash
	WHERE NOT EXISTS (SELECT 1 FROM attachments WHERE hash = old.hash) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER files_come AFTER INSERT ON files BEGIN
	INSERT INTO file_usage (user_id, bytes) VALUES (0, new.size)
	ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER files_change AFTER UPDATE OF thumbnail_size ON files BEGIN
	UPDATE file_usage SET bytes = bytes + coalesce(new.thumbnail_size, 0) - coalesce(old.thumbnail_size, 0) WHERE user_id = 0;
END;
CREATE TRIGGER files_go AFTER DELETE ON files BEGIN
	UPDATE file_usage SET bytes = bytes - old.size - coalesce(old.thumbnail_size, 0) WHERE user_id = 0;
END;
