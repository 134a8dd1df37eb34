#include "domain/file/file_url.h"

#include "base/id.h"
#include "base/str.h"
#include "crypto/mac.h"
#include "http/percent.h"

#include <stdio.h>
#include <string.h>

enum { STEPS = 8, EXPIRY_DIGITS_MAX = 12, HEX_SIZE = 2 * MAC_BYTES + 1 };

static const char folder[] = "/attachments/";

void file_url_key(const struct secret *root, struct secret *out)
{
	static const char purpose[] = "addresses of files";
	_Static_assert((int)MAC_BYTES == (int)SECRET_BYTES, "a mac is a key");
	mac_sign(root, purpose, sizeof(purpose) - 1, out->bytes);
}

void file_url_write(struct jw *jw, const char *key, const struct file_address *address)
{
	char ids[2 * ID_TEXT_SIZE];
	struct buf marker;
	buf_init(&marker);
	(void)snprintf(ids, sizeof(ids), "%lld/%lld/", (long long)address->channel_id,
		       (long long)address->attachment_id);
	buf_puts(&marker, "\"\x01");
	buf_puts(&marker, ids);
	percent_encode(&marker, str_from(address->name));
	buf_puts(&marker, address->is_thumbnail ? "?thumbnail\x01\"" : "\x01\"");
	jw_raw(jw, key, marker.p, marker.n);
	buf_free(&marker);
}

bool file_url_is_in(const char *text, size_t n)
{
	return n > 0 && memchr(text, FILE_URL_MARKER, n) != NULL;
}

static void sign(const struct secret *key, const struct file_address *address, int64_t expires_at_s, char out[HEX_SIZE])
{
	unsigned char mac[MAC_BYTES];
	char text[96];
	int n = snprintf(text, sizeof(text), "%lld/%lld/%llx", (long long)address->channel_id,
			 (long long)address->attachment_id, (unsigned long long)expires_at_s);
	mac_sign(key, text, (size_t)n, mac);
	for (size_t i = 0; i < MAC_BYTES; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", mac[i]);
}

/* Rounded down to a step, so that it changes a few times a day and not with each reply. */
static int64_t expiry(const struct file_urls *urls, int64_t now_ms)
{
	int64_t step = urls->ttl_s / STEPS > 0 ? urls->ttl_s / STEPS : 1;
	return (now_ms / 1000 + urls->ttl_s) / step * step;
}

/* "CHANNEL/ATTACHMENT/…" of a marker. */
static bool read_ids(struct str path, struct file_address *out)
{
	struct str channel, attachment, rest;
	return str_cut(path, '/', &channel, &rest) && str_cut(rest, '/', &attachment, &rest) &&
	       id_parse(channel.p, channel.n, &out->channel_id) &&
	       id_parse(attachment.p, attachment.n, &out->attachment_id);
}

static void put_signed(const struct file_urls *urls, int64_t expires_at_s, struct str path, struct buf *out)
{
	struct file_address address = {0};
	char hm[HEX_SIZE];
	bool has_query = memchr(path.p, '?', path.n) != NULL;
	buf_puts(out, urls->public_url);
	buf_puts(out, folder);
	buf_put(out, path.p, path.n);
	if (!read_ids(path, &address))
		return; /* the marker is nobody's: an address that leads nowhere */
	sign(&urls->key, &address, expires_at_s, hm);
	buf_printf(out, "%cex=%llx&hm=%s", has_query ? '&' : '?', (unsigned long long)expires_at_s, hm);
}

/* Cuts what stands before the next marker, and the path in it. False when there is none any more. */
static bool next_marker(struct str *rest, struct str *before, struct str *path)
{
	const char *begin = rest->n > 0 ? memchr(rest->p, FILE_URL_MARKER, rest->n) : NULL;
	*before = *rest;
	if (begin == NULL)
		return false;
	size_t at = (size_t)(begin - rest->p);
	const char *end = memchr(begin + 1, FILE_URL_MARKER, rest->n - at - 1);
	if (end == NULL)
		return false;
	before->n = at;
	*path = (struct str){begin + 1, (size_t)(end - begin) - 1};
	*rest = (struct str){end + 1, rest->n - at - path->n - 2};
	return true;
}

void file_url_expand(const struct file_urls *urls, int64_t now_ms, const char *text, size_t n, struct buf *out)
{
	struct str rest = {text, n}, before, path;
	int64_t expires_at_s = expiry(urls, now_ms);
	bool is_more = true;
	while (is_more) {
		is_more = next_marker(&rest, &before, &path);
		buf_put(out, before.p, before.n);
		if (is_more)
			put_signed(urls, expires_at_s, path, out);
	}
}

void file_url_expand_plain(const char *text, size_t n, struct buf *out)
{
	struct str rest = {text, n}, before, path;
	bool is_more = true;
	while (is_more) {
		is_more = next_marker(&rest, &before, &path);
		buf_put(out, before.p, before.n);
		if (!is_more)
			continue;
		buf_puts(out, folder);
		buf_put(out, path.p, path.n);
	}
}

static bool hex_parse(const char *text, int64_t *out)
{
	size_t n = strlen(text);
	*out = 0;
	if (n == 0 || n > EXPIRY_DIGITS_MAX || strspn(text, "0123456789abcdef") != n)
		return false;
	for (; *text != '\0'; text++)
		*out = *out * 16 + (*text <= '9' ? *text - '0' : *text - 'a' + 10);
	return true;
}

bool file_url_is_signed(const struct secret *key, const struct file_address *address, const char *ex, const char *hm,
			int64_t now_ms)
{
	int64_t expires_at_s;
	char expected[HEX_SIZE];
	if (ex == NULL || hm == NULL || strlen(hm) != HEX_SIZE - 1 || !hex_parse(ex, &expires_at_s))
		return false;
	sign(key, address, expires_at_s, expected);
	return secret_equal(hm, expected, HEX_SIZE - 1) && now_ms / 1000 < expires_at_s;
}
