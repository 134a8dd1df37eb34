-- The index of words takes more letters for the same (SEARCH_TEXT_VERSION 3). The store makes it anew by and by where there
-- are messages; where there are none, as in a new instance, there is nothing to make.
UPDATE search_state SET version = 3 WHERE NOT EXISTS (SELECT 1 FROM messages);
