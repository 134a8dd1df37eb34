#include "base/str.h"

#include <string.h>

struct str str_from(const char *text)
{
	return text ? (struct str){text, strlen(text)} : STR("");
}

bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_eq_text(struct str a, const char *text)
{
	return str_eq(a, str_from(text));
}

char str_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool str_eq_nocase(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++) {
		if (str_lower(a.p[i]) != str_lower(b.p[i]))
			return false;
	}
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
	while (s.n > 0 && is_blank(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool str_cut(struct str s, char at, struct str *head, struct str *tail)
{
	const char *found = s.n > 0 ? memchr(s.p, at, s.n) : NULL;

	if (!found) {
		*head = s;
		*tail = STR("");
		return false;
	}
	*head = (struct str){s.p, (size_t)(found - s.p)};
	*tail = (struct str){found + 1, s.n - head->n - 1};
	return true;
}
