/* Origins: see origin.h. */
#include "http/origin.h"

#include "http/chars.h"

#include <stdio.h>
#include <string.h>

/* Takes the scheme and "://" off the text. */
static bool scheme_take(struct str *text, bool *is_https)
{
	static const struct str schemes[] = {{"http://", 7}, {"https://", 8}};

	for (size_t i = 0; i < 2; i++) {
		struct str s = schemes[i];

		if (text->n < s.n || !str_eq_nocase((struct str){text->p, s.n}, s))
			continue;
		*text = (struct str){text->p + s.n, text->n - s.n};
		*is_https = i == 1;
		return true;
	}
	return false;
}

static size_t authority_length(struct str text)
{
	size_t n = 0;

	while (n < text.n && memchr("/?#", text.p[n], 3) == NULL)
		n++;
	return n;
}

/* Where the host ends: at the closing bracket of an IPv6 address, else at the colon or the end. 0 when there is no
 * host. */
static size_t host_length(struct str authority)
{
	const char *end;

	if (authority.n == 0)
		return 0;
	end = memchr(authority.p, authority.p[0] == '[' ? ']' : ':', authority.n);
	if (authority.p[0] == '[')
		return end ? (size_t)(end - authority.p) + 1 : 0;
	return end ? (size_t)(end - authority.p) : authority.n;
}

static bool host_copy(struct str host, char *out)
{
	bool is_address = host.p[0] == '[';

	if (host.n > ORIGIN_HOST_MAX)
		return false;
	for (size_t i = 0; i < host.n; i++) {
		char c = host.p[i];
		bool is_edge = is_address && (i == 0 || i + 1 == host.n);
		bool is_fine = is_address ? chars_hex(c) >= 0 || c == ':' || c == '.'
					  : chars_is_alpha(c) || chars_is_digit(c) || c == '-' || c == '.' || c == '_';

		if (!is_edge && !is_fine)
			return false;
		out[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	out[host.n] = '\0';
	return !is_address || host.n > 2;
}

/* ":8080", or nothing for the scheme's own port. */
static bool port_parse(struct str text, bool is_https, uint16_t *out)
{
	uint32_t port = 0;

	if (text.n == 0) {
		*out = is_https ? 443 : 80;
		return true;
	}
	if (text.p[0] != ':' || text.n < 2 || text.n > 6)
		return false;
	for (size_t i = 1; i < text.n; i++) {
		if (!chars_is_digit(text.p[i]))
			return false;
		port = port * 10 + (uint32_t)(text.p[i] - '0');
	}
	*out = (uint16_t)port;
	return port > 0 && port <= UINT16_MAX;
}

enum err origin_parse(struct str url, struct origin *out)
{
	struct str authority;
	size_t host_n;

	memset(out, 0, sizeof(*out));
	if (!scheme_take(&url, &out->is_https))
		return ERR_BAD_REQUEST;
	authority = (struct str){url.p, authority_length(url)};
	host_n = host_length(authority);
	if (host_n == 0 || !host_copy((struct str){authority.p, host_n}, out->host))
		return ERR_BAD_REQUEST;
	if (!port_parse((struct str){authority.p + host_n, authority.n - host_n}, out->is_https, &out->port))
		return ERR_BAD_REQUEST;
	return ERR_OK;
}

enum err origin_parse_header(struct str value, struct origin *out)
{
	struct str rest = value;
	bool is_https;

	TRY(origin_parse(value, out));
	if (!scheme_take(&rest, &is_https) || authority_length(rest) != rest.n)
		return ERR_BAD_REQUEST;
	return ERR_OK;
}

bool origin_equal(const struct origin *a, const struct origin *b)
{
	return a->is_https == b->is_https && a->port == b->port && strcmp(a->host, b->host) == 0;
}

void origin_format(const struct origin *origin, char out[ORIGIN_TEXT_SIZE])
{
	const char *scheme = origin->is_https ? "https" : "http";

	if (origin->port == (origin->is_https ? 443 : 80))
		snprintf(out, ORIGIN_TEXT_SIZE, "%s://%s", scheme, origin->host);
	else
		snprintf(out, ORIGIN_TEXT_SIZE, "%s://%s:%u", scheme, origin->host, (unsigned)origin->port);
}

/* Whether the host is four decimal numbers of which the first is 127: "127.0.0.1.example.org" is a name like any other.
 */
static bool is_loopback_v4(const char *host)
{
	int numbers = 1, digits = 0;

	if (strncmp(host, "127.", 4) != 0)
		return false;
	for (const char *p = host + 4; *p != '\0'; p++) {
		if (*p == '.' && digits > 0) {
			numbers++;
			digits = 0;
		} else if (chars_is_digit(*p) && digits < 3) {
			digits++;
		} else {
			return false;
		}
	}
	return numbers == 3 && digits > 0;
}

bool origin_is_loopback(const struct origin *origin)
{
	return strcmp(origin->host, "localhost") == 0 || strcmp(origin->host, "[::1]") == 0 ||
	       is_loopback_v4(origin->host);
}

bool origin_is_unspecified(const struct origin *origin)
{
	return strcmp(origin->host, "0.0.0.0") == 0 || strcmp(origin->host, "[::]") == 0;
}
