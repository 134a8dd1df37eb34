/* Addresses of files. Whoever looks at a page is known by the session, and what they may see is asked each time; a
 * program gets addresses that are good by themselves until they expire ("ex", "hm", as Discord's are), or until the
 * file is deleted.
 *
 * No such address is kept anywhere: where one is to stand, the database's JSON has a marker, "\x01" + path + "\x01",
 * which no JSON text can hold, and whoever sends the text expands it. */
#ifndef SNUG_DOMAIN_FILE_FILE_URL_H
#define SNUG_DOMAIN_FILE_FILE_URL_H

#include "base/buf.h"
#include "crypto/secret.h"
#include "json/jw.h"

#include <stdbool.h>

enum { FILE_URL_MARKER = 0x01 };

/* What is needed to sign. */
struct file_urls {
	const char *public_url; /* without a slash at its end; borrowed */
	struct secret key;      /* of file_url_key */
	int64_t ttl_s;          /* how long an address is good, at most */
};

/* The key for addresses, derived from the instance's secret. */
void file_url_key(const struct secret *root, struct secret *out);

struct file_address {
	int64_t channel_id, attachment_id;
	const char *name;
	bool is_thumbnail;
};

/* Writes a member whose value is a marker for that address. */
void file_url_write(struct jw *jw, const char *key, const struct file_address *address);

/* Whether a text holds markers at all: most do not, and need no copy. */
bool file_url_is_in(const char *text, size_t n);

/* Appends the text to out with markers replaced by whole, signed addresses. The same file has the same address for a
 * while, so that clients need not fetch it again. */
void file_url_expand(const struct file_urls *urls, int64_t now_ms, const char *text, size_t n, struct buf *out);

/* The same with paths of this site, for pages: who asks is known there by the session. */
void file_url_expand_plain(const char *text, size_t n, struct buf *out);

/* Whether ex and hm, the values of a query, sign that attachment now. Constant time. */
bool file_url_is_signed(const struct secret *key, const struct file_address *address, const char *ex, const char *hm,
			int64_t now_ms);

#endif
