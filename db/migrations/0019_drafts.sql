-- What people write and have not sent, one text of each person in each channel. revision is the seq of the event that told
-- of it, so it only ever grows. nonce is of whoever wrote it last: a page, by which it knows its own.
CREATE TABLE drafts (
	user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
	revision INTEGER NOT NULL,
	updated_at_ms INTEGER NOT NULL,
	nonce TEXT NOT NULL,
	content TEXT NOT NULL,
	PRIMARY KEY (user_id, channel_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX drafts_by_channel ON drafts (channel_id);
