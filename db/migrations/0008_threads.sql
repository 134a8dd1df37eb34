-- Threads.
SELECT 1; -- nothing yet
