-- Who has read a message is counted from its place in the channel on, and not among all who are in the channel.
CREATE INDEX channel_members_by_read ON channel_members (channel_id, last_read_id, joined_at_ms) WHERE last_read_id IS NOT NULL;

-- Who is never named as a reader: those who do not tell, and bots.
DROP INDEX users_without_receipts;
CREATE INDEX users_not_readers ON users (id) WHERE has_read_receipts = 0 OR is_bot = 1;
