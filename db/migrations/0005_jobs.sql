-- Work for snug-worker, written in the transaction of the change that asks for it. Who leases a job and dies leaves it
-- to be leased again; one that failed too often waits, dead, for an administrator.
CREATE TABLE jobs (
	id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL,
	payload TEXT NOT NULL,
	run_at_ms INTEGER NOT NULL,
	attempts INTEGER NOT NULL DEFAULT 0,
	leased_until_ms INTEGER,
	lease BLOB, -- of whoever works on it: only its holder may end it
	last_error TEXT,
	dead_at_ms INTEGER
) STRICT;
CREATE INDEX jobs_due ON jobs (kind, run_at_ms) WHERE dead_at_ms IS NULL;
CREATE INDEX jobs_leased ON jobs (lease) WHERE lease IS NOT NULL;
CREATE INDEX jobs_dead ON jobs (dead_at_ms) WHERE dead_at_ms IS NOT NULL;
