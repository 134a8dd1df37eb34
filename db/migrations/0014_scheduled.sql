-- Messages that are sent later. The row goes when its message is there; one that was refused stays, with why, for its author.
CREATE TABLE scheduled_messages (
	id INTEGER PRIMARY KEY,
	channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
	author_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	content TEXT NOT NULL,
	send_at_ms INTEGER NOT NULL,
	failure TEXT -- the name of the error; NULL while it waits
) STRICT;
CREATE INDEX scheduled_messages_due ON scheduled_messages (send_at_ms) WHERE failure IS NULL;
CREATE INDEX scheduled_messages_by_author ON scheduled_messages (author_id, send_at_ms, id);
CREATE INDEX scheduled_messages_by_channel ON scheduled_messages (channel_id);
