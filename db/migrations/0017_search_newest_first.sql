-- The index of words has its rows in another order and more tags (SEARCH_TEXT_VERSION 2). The store makes it anew by and by
-- where there are messages; where there are none, as in a new instance, there is nothing to make.
UPDATE search_state SET version = 2 WHERE NOT EXISTS (SELECT 1 FROM messages);
