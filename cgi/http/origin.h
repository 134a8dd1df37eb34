/* Origins (RFC 6454): the scheme, host and port of a URL, and whether two are the same. */
#ifndef SNUG_HTTP_ORIGIN_H
#define SNUG_HTTP_ORIGIN_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum { ORIGIN_HOST_MAX = 255, ORIGIN_TEXT_SIZE = ORIGIN_HOST_MAX + sizeof("https://:65535") };

struct origin {
	bool is_https;
	char host[ORIGIN_HOST_MAX + 1]; /* lower case; an IPv6 address in brackets */
	uint16_t port;                  /* the scheme's own when none is written */
};

/* Parses the origin at the start of an http or https URL; what follows the authority is passed over. ERR_BAD_REQUEST
 * for anything else: "null", other schemes, user information, an empty host, a bad port, characters that no host has.
 */
enum err origin_parse(struct str url, struct origin *out) MUST_USE;

/* As origin_parse for an Origin header: nothing may follow the authority. */
enum err origin_parse_header(struct str value, struct origin *out) MUST_USE;

bool origin_equal(const struct origin *a, const struct origin *b);

/* As browsers write it: without the port that the scheme has anyway. */
void origin_format(const struct origin *origin, char out[ORIGIN_TEXT_SIZE]);

/* "localhost", 127.0.0.0/8 or [::1]: names for the machine itself that people use for one another. */
bool origin_is_loopback(const struct origin *origin);

/* 0.0.0.0 or [::]: an address to listen on that is nobody's name. */
bool origin_is_unspecified(const struct origin *origin);

#endif
