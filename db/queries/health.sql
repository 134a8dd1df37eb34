-- name: health_probe
SELECT value FROM meta WHERE key = 'epoch';
