-- Text: what link previews need.
SELECT 1; -- nothing yet
