-- How connections are set up, and transactions.

-- name: pragma_query_only
PRAGMA query_only = 1;
-- Small, as there may be many readers and the system keeps the file's pages for all of them. They are read, not mapped
-- (mmap_size): a search would take a sixth to a third less, but what it met of a database of 400 MB stays with its process
-- as 30 to 50 MB, and a disk that fails would end the process by a signal where it now is an error. The layer of cgi/sql/vfs.c
-- offers no mapping anyway.
-- name: pragma_reader_cache
PRAGMA cache_size = -512;
-- name: pragma_writer_cache
PRAGMA cache_size = -4096;
-- name: pragma_temp_memory
PRAGMA temp_store = MEMORY;
-- name: pragma_wal
PRAGMA journal_mode = WAL;
-- name: pragma_synchronous_full
PRAGMA synchronous = FULL;
-- name: pragma_foreign_keys
PRAGMA foreign_keys = ON;
-- name: pragma_no_autocheckpoint
PRAGMA wal_autocheckpoint = 0;
-- A log that a stuck reader let grow is cut back once it begins again; otherwise its file would keep that size.
-- name: pragma_log_file_limit
PRAGMA journal_size_limit = 33554432;
-- What is deleted is overwritten. Debian's SQLite does so by itself, others do not.
-- name: pragma_secure_delete
PRAGMA secure_delete = 1;
-- name: pragma_user_version
PRAGMA user_version;
-- The mark of a copy is taken off: cgi/sql/sql_copy.c.
-- name: pragma_no_copy
PRAGMA application_id = 0;
-- name: pragma_integrity_check
PRAGMA integrity_check;
-- name: pragma_foreign_key_check
PRAGMA foreign_key_check;

-- name: transaction_begin_read
BEGIN;
-- name: transaction_begin_write
BEGIN IMMEDIATE;
-- name: transaction_commit
COMMIT;
-- name: transaction_rollback
ROLLBACK;
-- name: savepoint_begin
SAVEPOINT op;
-- name: savepoint_release
RELEASE op;
-- name: savepoint_rollback
ROLLBACK TO op;
