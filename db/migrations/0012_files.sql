-- Files and attachments.
SELECT 1; -- nothing yet
