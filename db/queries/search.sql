-- The index of messages' words: cgi/domain/search/search.h.

-- name: search_state
SELECT version, indexed_from FROM search_state WHERE id = 1;

-- name: search_indexed_from
SELECT indexed_from FROM search_state WHERE id = 1;

-- name: search_set_indexed_from
UPDATE search_state SET indexed_from = ?1 WHERE id = 1;

-- name: search_begin_anew
-- With the next one: what is in the index is of another version of us.
INSERT INTO search (search) VALUES ('delete-all');

-- name: search_set_version
UPDATE search_state SET version = ?1, indexed_from = (SELECT coalesce(max(id) + 1, 0) FROM messages) WHERE id = 1;

-- name: search_mark_damaged
-- No version of us has this number.
UPDATE search_state SET version = 0 WHERE id = 1;

-- name: search_mark_dirty
UPDATE search_state SET dirty_since_ms = coalesce(dirty_since_ms, ?1), dirty_until_ms = ?1 WHERE id = 1;

-- name: search_mark_clean
-- Of what was taken away until then; what was since stays to be done.
UPDATE search_state SET dirty_since_ms = CASE WHEN dirty_until_ms > ?1 THEN ?1 END,
	dirty_until_ms = CASE WHEN dirty_until_ms > ?1 THEN dirty_until_ms END WHERE id = 1;

-- name: search_dirty_since
SELECT dirty_since_ms FROM search_state WHERE id = 1;

-- name: search_message
SELECT m.content, m.author_id, m.type, m.parts, m.flags, m.channel_id, c.guild_id, c.type, c.parent_id
FROM messages m JOIN channels c ON c.id = m.channel_id WHERE m.id = ?1 AND m.deleted_at_ms IS NULL;

-- name: search_mentions
SELECT target_id FROM mentions WHERE message_id = ?1 ORDER BY target_id;

-- name: search_embeds
SELECT embed, is_preview FROM message_embeds WHERE message_id = ?1 ORDER BY position;

-- name: search_snapshot
SELECT content FROM message_snapshots WHERE message_id = ?1;

-- name: search_files
SELECT a.name, a.description, f.type FROM attachments a JOIN files f ON f.hash = a.hash WHERE a.message_id = ?1 ORDER BY a.position;

-- name: search_poll
SELECT question FROM polls WHERE message_id = ?1;

-- name: search_poll_answers
SELECT text FROM poll_answers WHERE message_id = ?1 ORDER BY answer_id;

-- A message's row in the index is its id with a minus before it, so that the newest come first: FTS5 reads its lists
-- backwards only by reading each page of them forwards before (measured, for two words that are in 300,000 and 3,000 of a
-- million messages: 13 ms backwards, 9 ms forwards).

-- name: search_insert
INSERT INTO search (rowid, text, tags) VALUES (-?1, ?2, ?3);

-- name: search_delete
INSERT INTO search (search, rowid, text, tags) VALUES ('delete', -?1, ?2, ?3);

-- name: search_text_find
SELECT text, tags FROM search_texts WHERE message_id = ?1;

-- name: search_text_insert
INSERT INTO search_texts (message_id, text, tags) VALUES (?1, ?2, ?3);

-- name: search_text_delete
DELETE FROM search_texts WHERE message_id = ?1;

-- name: search_text_delete_all
-- scan: all go
DELETE FROM search_texts;

-- name: search_list_to_index
SELECT id FROM messages WHERE id < ?1 AND deleted_at_ms IS NULL ORDER BY id DESC LIMIT ?2;

-- name: search_list_to_purge
SELECT id FROM messages WHERE channel_id = ?1 AND id <= ?2 AND deleted_at_ms IS NULL ORDER BY id;

-- name: search_merge
-- Goes on with merging, up to so many pages; from a negative number on all segments become one.
INSERT INTO search (search, rank) VALUES ('merge', ?1);

-- name: search_merge_from
-- How many segments of like size become one: SQLite, "The 'usermerge' Configuration Option", 2 to 16.
INSERT INTO search (search, rank) VALUES ('usermerge', ?1);

-- name: search_structure
-- The list of segments: SQLite, ext/fts5/fts5_index.c, FTS5_STRUCTURE_ROWID.
SELECT block FROM search_data WHERE id = 10;

-- name: search_total_changes
-- Merging that finds nothing to do changes one row at most: SQLite, "The 'merge' Command".
SELECT total_changes();

-- name: search_check
-- Fails when the index is not whole.
INSERT INTO search (search) VALUES ('integrity-check');

-- What matches, and the channel in which it stands now: NULL when it is there no more. It is read along with what the index
-- gives, as asking for each by a statement of its own takes twice as long.

-- name: search_find_newest
-- scan: an index of words is asked for what matches, which comes in order
SELECT -s.rowid, m.channel_id FROM search s LEFT JOIN messages m ON m.id = -s.rowid AND m.deleted_at_ms IS NULL
WHERE s.search MATCH ?1 AND s.rowid >= -?3 AND s.rowid <= -?2 ORDER BY s.rowid;

-- name: search_find_oldest
-- scan: an index of words is asked for what matches, which comes in order
SELECT -s.rowid, m.channel_id FROM search s LEFT JOIN messages m ON m.id = -s.rowid AND m.deleted_at_ms IS NULL
WHERE s.search MATCH ?1 AND s.rowid >= -?3 AND s.rowid <= -?2 ORDER BY s.rowid DESC;

-- name: search_place_of_hit
-- Channels that are deleted are no place.
SELECT type, parent_id FROM channels WHERE id = ?1 AND deleted_at_ms IS NULL;

-- name: search_channels
SELECT id FROM channels WHERE guild_id = ?1 AND deleted_at_ms IS NULL AND type IN (0, 4) AND type = 0;

-- name: search_own_threads
-- Private threads of a workspace that somebody is in.
SELECT m.channel_id, c.parent_id FROM channel_members m JOIN channels c ON c.id = m.channel_id
WHERE m.user_id = ?1 AND m.is_thread = 1 AND c.guild_id = ?2 AND c.type = 12 AND c.deleted_at_ms IS NULL
ORDER BY m.channel_id DESC LIMIT ?3;

-- name: search_tokenizers
SELECT fts5(?1);

-- Names, as people type them behind from:, mentions: and in:.

-- name: search_person_by_username
SELECT u.id FROM users u JOIN members m ON m.user_id = u.id AND m.guild_id = ?2 WHERE u.username = ?1;

-- name: search_people_by_name
-- Names that are no user names are in no index: the workspace's members are walked through.
SELECT m.user_id FROM members m JOIN users u ON u.id = m.user_id
WHERE m.guild_id = ?2 AND (m.nickname = ?1 COLLATE NOCASE OR u.display_name = ?1 COLLATE NOCASE) LIMIT ?3;

-- name: search_people_of_channel
SELECT m.user_id FROM channel_members m JOIN users u ON u.id = m.user_id
WHERE m.channel_id = ?2 AND (u.username = ?1 COLLATE NOCASE OR u.display_name = ?1 COLLATE NOCASE) LIMIT ?3;

-- name: search_roles_by_name
SELECT id FROM roles WHERE guild_id = ?2 AND name = ?1 COLLATE NOCASE LIMIT ?3;

-- name: search_roles_of_member
SELECT role_id FROM member_roles WHERE guild_id = ?1 AND user_id = ?2;

-- name: search_channels_by_name
SELECT id, type, parent_id FROM channels
WHERE guild_id = ?2 AND type IN (0, 4) AND type = 0 AND name = ?1 COLLATE NOCASE AND deleted_at_ms IS NULL LIMIT ?3;

-- name: search_threads_by_name
-- The workspace's threads are walked through.
SELECT id, type, parent_id FROM channels
WHERE guild_id = ?2 AND type IN (11, 12) AND name = ?1 COLLATE NOCASE AND deleted_at_ms IS NULL LIMIT ?3;

-- name: search_place
SELECT id, type, parent_id FROM channels WHERE id = ?1 AND deleted_at_ms IS NULL AND coalesce(guild_id, 0) = ?2;

-- name: search_channels_like
-- Channels of a workspace and its threads, of which the newest come first.
SELECT id FROM (
	SELECT id, 0 AS is_thread, position FROM channels
	WHERE guild_id = ?1 AND deleted_at_ms IS NULL AND type IN (0, 4) AND type = 0 AND name LIKE ?2 ESCAPE '!'
	UNION ALL SELECT id, 1, -id FROM channels
	WHERE guild_id = ?1 AND deleted_at_ms IS NULL AND type IN (11, 12) AND name LIKE ?2 ESCAPE '!')
ORDER BY is_thread, position, id LIMIT ?3;
