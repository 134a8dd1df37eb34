-- name: job_insert
INSERT INTO jobs (id, kind, payload, run_at_ms) VALUES (?1, ?2, ?3, ?4);

-- name: job_list_due
SELECT id, attempts FROM jobs WHERE kind = ?1 AND dead_at_ms IS NULL AND run_at_ms <= ?2 ORDER BY run_at_ms LIMIT ?3;

-- While a job is leased its run_at_ms is the end of the lease: whoever looks for what is due takes it up again then.
-- name: job_take
UPDATE jobs SET lease = ?2, leased_until_ms = ?3, run_at_ms = ?3, attempts = attempts + 1 WHERE id = ?1;

-- name: job_list_leased
SELECT id, attempts, payload FROM jobs WHERE lease = ?1 AND kind = ?2 AND leased_until_ms > ?3 ORDER BY id;

-- name: job_count_leased
SELECT count(*) FROM jobs WHERE lease = ?1;

-- name: job_find
SELECT attempts, lease FROM jobs WHERE id = ?1 AND dead_at_ms IS NULL;

-- name: job_delete
DELETE FROM jobs WHERE id = ?1;

-- name: job_put_off
UPDATE jobs SET lease = NULL, leased_until_ms = NULL, run_at_ms = ?2, last_error = ?3, attempts = ?4 WHERE id = ?1;

-- name: job_bury
UPDATE jobs SET lease = NULL, leased_until_ms = NULL, payload = '{}', dead_at_ms = ?2, last_error = ?3 WHERE id = ?1;

-- name: job_hurry
UPDATE jobs SET run_at_ms = ?2 WHERE id = ?1 AND dead_at_ms IS NULL AND lease IS NULL;

-- name: job_next_run
SELECT min(run_at_ms) FROM jobs WHERE kind = ?1 AND dead_at_ms IS NULL;

-- name: job_delete_old_dead
DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE dead_at_ms < ?1 LIMIT 100);

-- name: job_list
-- scan: a person looks at what waits; there is little
SELECT id, kind, run_at_ms, attempts, leased_until_ms, last_error, dead_at_ms FROM jobs ORDER BY id LIMIT ?1;
