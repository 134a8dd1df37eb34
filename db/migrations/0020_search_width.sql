-- The index of words takes half-width Kana and Hangul for the usual ones and knows nothing of embeds that are hidden
-- (SEARCH_TEXT_VERSION 4). The store makes it anew by and by where there are messages; where there are none, as in a new
-- instance, there is nothing to make.
UPDATE search_state SET version = 4 WHERE NOT EXISTS (SELECT 1 FROM messages);
