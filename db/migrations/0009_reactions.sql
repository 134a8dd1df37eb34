-- Reactions, custom emoji, polls, saved messages.
SELECT 1; -- nothing yet
