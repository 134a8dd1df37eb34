-- What was said in a thread and shown in its channel too: the message there, and the one here that follows its edits and
-- goes with it.
CREATE TABLE message_echoes (
	message_id INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
	echo_id INTEGER NOT NULL UNIQUE REFERENCES messages (id) ON DELETE CASCADE
) STRICT;
