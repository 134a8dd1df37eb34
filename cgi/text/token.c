#include "text/token.h"

#include <string.h>

/* No more digits than INT64_MAX has, and of a moment none beyond the year 9999. */
enum { DIGITS_MAX = 19 };
static const int64_t time_max_s = INT64_C(253402300799);

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

size_t token_emoji_name(struct str text)
{
	size_t n = 0;
	while (n < text.n && n < TOKEN_EMOJI_NAME_MAX && is_name_byte(text.p[n]))
		n++;
	return n;
}

/* Takes prefix off the rest of the text. */
static bool take(struct str *rest, const char *prefix)
{
	size_t n = strlen(prefix);
	if (rest->n < n || memcmp(rest->p, prefix, n) != 0)
		return false;
	*rest = (struct str){rest->p + n, rest->n - n};
	return true;
}

/* A number without leading zeros, so that one thing has one form. */
static bool take_number(struct str *rest, int64_t *out)
{
	size_t n = 0;
	*out = 0;
	while (n < rest->n && n < DIGITS_MAX && rest->p[n] >= '0' && rest->p[n] <= '9') {
		if (__builtin_mul_overflow(*out, 10, out) || __builtin_add_overflow(*out, rest->p[n] - '0', out))
			return false;
		n++;
	}
	if (n == 0 || rest->p[0] == '0')
		return false;
	*rest = (struct str){rest->p + n, rest->n - n};
	return true;
}

static bool take_emoji(struct str *rest, struct token *out)
{
	size_t n = token_emoji_name(*rest);
	out->kind = TOKEN_EMOJI;
	out->name = (struct str){rest->p, n};
	*rest = (struct str){rest->p + n, rest->n - n};
	return n >= TOKEN_EMOJI_NAME_MIN && take(rest, ":") && take_number(rest, &out->id);
}

static bool take_time(struct str *rest, struct token *out)
{
	out->kind = TOKEN_TIME;
	out->style = 'f';
	if (!take_number(rest, &out->id) || out->id > time_max_s)
		return false;
	if (!take(rest, ":"))
		return true;
	if (rest->n == 0 || rest->p[0] == '\0' || strchr("tTdDfFR", rest->p[0]) == NULL)
		return false;
	out->style = rest->p[0];
	*rest = (struct str){rest->p + 1, rest->n - 1};
	return true;
}

static bool take_mention(struct str *rest, const char *prefix, enum token_kind kind, struct token *out)
{
	out->kind = kind;
	return take(rest, prefix) && take_number(rest, &out->id);
}

bool token_match(struct str text, struct token *out)
{
	struct str rest = text;
	bool is_good;
	*out = (struct token){0};
	if (!take(&rest, "<") || rest.n == 0)
		return false;
	switch (rest.p[0]) {
	case '@':
		is_good = take_mention(&rest, "@&", TOKEN_ROLE, out) || take_mention(&rest, "@!", TOKEN_USER, out) ||
			  take_mention(&rest, "@", TOKEN_USER, out);
		break;
	case '#':
		is_good = take_mention(&rest, "#", TOKEN_CHANNEL, out);
		break;
	case ':':
		is_good = take(&rest, ":") && take_emoji(&rest, out);
		break;
	case 'a':
		is_good = take(&rest, "a:") && take_emoji(&rest, out);
		break;
	case 't':
		is_good = take(&rest, "t:") && take_time(&rest, out);
		break;
	default:
		return false;
	}
	if (!is_good || !take(&rest, ">"))
		return false;
	out->n = text.n - rest.n;
	return true;
}
