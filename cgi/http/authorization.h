/* The Authorization header (RFC 9110 section 11.6.2, RFC 6750): "Bearer <token>" and Discord's "Bot <token>". */
#ifndef SNUG_HTTP_AUTHORIZATION_H
#define SNUG_HTTP_AUTHORIZATION_H

#include "base/str.h"

#include <stdbool.h>

enum authorization_scheme {
	AUTHORIZATION_NONE, /* the header is absent or blank */
	AUTHORIZATION_BEARER,
	AUTHORIZATION_BOT,
	AUTHORIZATION_INVALID, /* another scheme, no token, or characters that no token has */
};

enum { AUTHORIZATION_TOKEN_MAX = 1024 };

/* Splits the header's value; *token is borrowed from it and empty unless the scheme is BEARER or BOT.
 * The scheme's case is ignored. A token is 1 to AUTHORIZATION_TOKEN_MAX characters of RFC 6750's b64token. */
enum authorization_scheme authorization_parse(struct str value, struct str *token);

#endif
