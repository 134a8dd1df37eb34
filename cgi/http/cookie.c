/* The Cookie header: see cookie.h. */
#include "http/cookie.h"

#include <stddef.h>

static struct str unquoted(struct str s)
{
	if (s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"')
		return (struct str){s.p + 1, s.n - 2};
	return s;
}

bool cookie_find(struct str header, const char *name, struct str *value)
{
	bool is_found = false;

	*value = STR("");
	for (int pairs = 0; header.n > 0; pairs++) {
		struct str pair, rest, key, text;

		if (pairs == COOKIE_PAIRS_MAX) {
			*value = STR("");
			return false;
		}
		str_cut(header, ';', &pair, &rest);
		header = rest;
		if (!str_cut(pair, '=', &key, &text) || !str_eq_text(str_trim(key), name))
			continue;
		text = unquoted(str_trim(text));
		if (is_found && !str_eq(text, *value)) {
			*value = STR("");
			return false;
		}
		*value = text;
		is_found = true;
	}
	return is_found;
}
