/* The Authorization header: see authorization.h. */
#include "http/authorization.h"

#include "http/chars.h"

#include <stddef.h>

/* b64token of RFC 6750: 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"=" */
static bool is_token(struct str s)
{
	size_t i = 0;

	while (i < s.n && (chars_is_unreserved(s.p[i]) || s.p[i] == '+' || s.p[i] == '/'))
		i++;
	if (i == 0)
		return false;
	while (i < s.n && s.p[i] == '=')
		i++;
	return i == s.n;
}

enum authorization_scheme authorization_parse(struct str value, struct str *token)
{
	struct str scheme, rest;
	enum authorization_scheme found = AUTHORIZATION_INVALID;

	*token = STR("");
	value = str_trim(value);
	if (value.n == 0)
		return AUTHORIZATION_NONE;
	str_cut(value, ' ', &scheme, &rest);
	rest = str_trim(rest);
	if (rest.n > AUTHORIZATION_TOKEN_MAX || !is_token(rest))
		return AUTHORIZATION_INVALID;
	if (str_eq_nocase(scheme, STR("Bearer")))
		found = AUTHORIZATION_BEARER;
	else if (str_eq_nocase(scheme, STR("Bot")))
		found = AUTHORIZATION_BOT;
	if (found != AUTHORIZATION_INVALID)
		*token = rest;
	return found;
}
