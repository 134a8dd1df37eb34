-- Tokens that were revoked have no expiry: they go some time after their end.
CREATE INDEX sessions_by_end ON sessions (ended_at_ms) WHERE ended_at_ms IS NOT NULL AND expires_at_ms IS NULL;
