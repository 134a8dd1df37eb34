/* The number is read in this order: noted, then the database, then compared at each use. A session that ends between
 * the first two is not found or ends what is kept of it; one that ends later raises the number before anybody hears of
 * it. A request that was on its way by then may go through, as it may have been a moment sooner. */
#include "front/session_cache.h"

#include "base/clock.h"

#include <string.h>

void session_cache_open(struct session_cache *cache, int fd)
{
	cache->clock_ms = clock_monotonic_ms;
	session_changes_open(&cache->changes, fd);
}

struct session_key session_key_of_digest(const unsigned char digest[DIGEST_BYTES])
{
	struct session_key key = {.kind = SESSION_KEY_DIGEST};

	memcpy(key.bytes, digest, DIGEST_BYTES);
	return key;
}

struct session_key session_key_of_ids(int64_t session_id, int64_t user_id)
{
	struct session_key key = {.kind = SESSION_KEY_IDS};

	memcpy(key.bytes, &session_id, sizeof(session_id));
	memcpy(key.bytes + sizeof(session_id), &user_id, sizeof(user_id));
	return key;
}

void session_cache_note(struct session_cache *cache)
{
	if (cache == NULL)
		return;
	cache->has_number = session_changes_read(&cache->changes, &cache->number);
	cache->noted_at_ms = cache->clock_ms();
}

/* Digests are random and ids differ in many bits: whoever would crowd somebody else out of a set needs sessions of
 * their own for it, and gains that the other is read from the database. */
static size_t set_of(const struct session_key *key)
{
	uint64_t words[2];

	memcpy(words, key->bytes, sizeof(words));
	return (size_t)(((words[0] ^ words[1] << 1) * UINT64_C(0x9e3779b97f4a7c15)) >> 32) % SESSION_CACHE_SETS;
}

/* In constant time, since one of the two is the digest of a secret. */
static bool is_of(const struct session_entry *entry, const struct session_key *key)
{
	return entry->key.kind == key->kind && secret_equal(entry->key.bytes, key->bytes, sizeof(key->bytes));
}

static bool holds(const struct session_cache *cache, const struct session_entry *entry, int64_t now_ms)
{
	int64_t expires_at_ms = entry->session.expires_at_ms;

	return cache->clock_ms() - entry->read_at_ms < SESSION_CACHE_KEEP_MS &&
	       (expires_at_ms == 0 || expires_at_ms > now_ms);
}

bool session_cache_find(struct session_cache *cache, const struct session_key *key, int64_t now_ms, struct session *out)
{
	const struct session_entry *set;
	uint64_t number;

	if (cache == NULL || !session_changes_read(&cache->changes, &number))
		return false;
	set = cache->sets[set_of(key)];
	for (size_t i = 0; i < SESSION_CACHE_WAYS; i++) {
		if (is_of(&set[i], key) && set[i].number == number && holds(cache, &set[i], now_ms)) {
			*out = set[i].session;
			return true;
		}
	}
	return false;
}

/* The key's own entry, else the one that was read longest ago; one that is empty was read before all others. */
static struct session_entry *choose(struct session_entry set[SESSION_CACHE_WAYS], const struct session_key *key)
{
	struct session_entry *oldest = &set[0];

	for (size_t i = 0; i < SESSION_CACHE_WAYS; i++) {
		if (is_of(&set[i], key))
			return &set[i];
		if (set[i].read_at_ms < oldest->read_at_ms)
			oldest = &set[i];
	}
	return oldest;
}

void session_cache_keep(struct session_cache *cache, const struct session_key *key, const struct session *session)
{
	if (cache == NULL || !cache->has_number)
		return;
	*choose(cache->sets[set_of(key)], key) = (struct session_entry){
	    .key = *key, .number = cache->number, .read_at_ms = cache->noted_at_ms, .session = *session};
}
