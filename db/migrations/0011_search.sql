-- Search: an index of the words of all messages that are there, kept in the transactions that change them. It holds no text
-- (content is empty), so a message is taken out of it by the words it went in with: domain/search/search.h. text has what
-- people wrote, tags what a search can be narrowed by: where, who, what is with it.
CREATE VIRTUAL TABLE search USING fts5 (
	text, tags, content = '', columnsize = 0, prefix = '3', tokenize = 'unicode61 remove_diacritics 2');
-- Each transaction adds a small segment; snug-store merges them between groups, so that nobody who posts waits for that.
-- Should it not keep up, SQLite does so by itself at crisismerge.
INSERT INTO search (search, rank) VALUES ('automerge', 0);
INSERT INTO search (search, rank) VALUES ('crisismerge', 256);

-- With which words a message went in that has more than its own row, since the rest may change before it is taken out. All
-- others went in with what their row says.
CREATE TABLE search_texts (
	message_id INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
	text TEXT NOT NULL,
	tags TEXT NOT NULL
) STRICT;

-- What is in it: every message whose id is indexed_from or above. What was there before follows from the newest to the
-- oldest, and 0 says that all is. version is how text is prepared (text/search_text.h). Between dirty_since_ms and
-- dirty_until_ms words were taken away that may be left in segments of the index; NULL: there are none.
CREATE TABLE search_state (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	version INTEGER NOT NULL,
	indexed_from INTEGER NOT NULL,
	dirty_since_ms INTEGER,
	dirty_until_ms INTEGER
) STRICT;
INSERT INTO search_state (id, version, indexed_from) SELECT 1, 1, coalesce((SELECT max(id) + 1 FROM messages), 0);
