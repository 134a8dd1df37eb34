/* Sessions that this process has found lately, so that not each request reads the database for the same one: after
 * every commit of the store that costs as much as all the rest of the check. Revoking is felt at once all the same: an
 * entry counts only while the number of session_changes is what it was before the entry was read, and the store raises
 * that before it tells anybody that a session has ended. Called by credential.c and the pipeline.
 *
 * Invariants: only sessions that were found are kept, never that one was not. An entry is no older than
 * SESSION_CACHE_KEEP_MS, so that what a stranger's hand did to the database counts too, and no session outlives its
 * expires_at_ms. The memory is of fixed size; where it is full something is forgotten. */
#ifndef SNUG_FRONT_SESSION_CACHE_H
#define SNUG_FRONT_SESSION_CACHE_H

#include "domain/session/session.h"
#include "domain/session/session_changes.h"

enum { SESSION_CACHE_KEEP_MS = 1000, SESSION_CACHE_SETS = 64, SESSION_CACHE_WAYS = 4 };

/* What a credential names: a digest, or an access token's session and user. */
struct session_key {
	enum { SESSION_KEY_NONE, SESSION_KEY_DIGEST, SESSION_KEY_IDS } kind;
	unsigned char bytes[DIGEST_BYTES];
};

struct session_entry {
	struct session_key key;
	uint64_t number;    /* of session_changes, before it was read */
	int64_t read_at_ms; /* monotonic, before it was read */
	struct session session;
};

struct session_cache {
	struct session_changes changes;
	int64_t (*clock_ms)(void);
	bool has_number; /* of the last session_cache_note */
	uint64_t number;
	int64_t noted_at_ms;
	struct session_entry sets[SESSION_CACHE_SETS][SESSION_CACHE_WAYS];
};

/* fd: the memory of session_changes; -1: nothing is ever kept. The cache is all zeros before, and stays so where it is
 * not used: pages that nobody writes cost nothing. */
void session_cache_open(struct session_cache *cache, int fd);

struct session_key session_key_of_digest(const unsigned char digest[DIGEST_BYTES]);
struct session_key session_key_of_ids(int64_t session_id, int64_t user_id);

/* To be called before a read transaction begins, and never within one: what is kept until the next call was read after
 * this. Who forgets it loses by that nothing but time. NULL is fine, here and below: there is no cache. */
void session_cache_note(struct session_cache *cache);

/* Finds a session that is live still at now_ms (wall clock). */
bool session_cache_find(struct session_cache *cache, const struct session_key *key, int64_t now_ms,
			struct session *out);

/* Keeps what has just been found in the database by this key. */
void session_cache_keep(struct session_cache *cache, const struct session_key *key, const struct session *session);

#endif
