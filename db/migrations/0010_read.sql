-- Who has read what.
SELECT 1; -- nothing yet
