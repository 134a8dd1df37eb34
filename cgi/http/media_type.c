/* The Content-Type header: see media_type.h. */
#include "http/media_type.h"

#include "http/chars.h"

#include <stddef.h>

static bool is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!chars_is_token(s.p[i]))
			return false;
	}
	return s.n > 0;
}

/* Takes a quoted string off the text; *value is what stands between the quotes. A backslash would make the value differ
 * from its bytes, and no type that is accepted here needs one, so it is refused. */
static bool quoted_take(struct str *text, struct str *value)
{
	for (size_t i = 1; i < text->n; i++) {
		if (text->p[i] == '\\' || (chars_is_control(text->p[i]) && text->p[i] != '\t'))
			return false;
		if (text->p[i] != '"')
			continue;
		*value = (struct str){text->p + 1, i - 1};
		*text = (struct str){text->p + i + 1, text->n - i - 1};
		return true;
	}
	return false;
}

/* Takes `name=value`, with its ';' and blanks in front, off the text. */
static bool parameter_take(struct str *text, struct str *name, struct str *value)
{
	struct str rest, after;

	if (!str_cut(*text, '=', name, &rest))
		return false;
	*name = str_trim(*name);
	if (!is_token(*name))
		return false;
	if (rest.n > 0 && rest.p[0] == '"') {
		if (!quoted_take(&rest, value))
			return false;
		rest = str_trim(rest);
		if (rest.n > 0 && rest.p[0] != ';')
			return false;
		*text = rest.n > 0 ? (struct str){rest.p + 1, rest.n - 1} : rest;
		return true;
	}
	str_cut(rest, ';', value, &after);
	*value = str_trim(*value);
	*text = after;
	return is_token(*value);
}

/* Keeps the value where the name is the wanted one; false when it has been there already, or says nothing. */
static bool parameter_keep(struct str name, struct str value, struct str wanted, struct str *out)
{
	if (!str_eq_nocase(name, wanted))
		return true;
	if (out->n > 0 || value.n == 0)
		return false;
	*out = value;
	return true;
}

enum err media_type_parse(struct str value, struct media_type *out)
{
	struct str type, subtype, rest;

	*out = (struct media_type){STR(""), STR(""), STR("")};
	str_cut(value, ';', &out->essence, &rest);
	out->essence = str_trim(out->essence);
	if (!str_cut(out->essence, '/', &type, &subtype) || !is_token(type) || !is_token(subtype))
		return ERR_BAD_REQUEST;
	for (int i = 0; str_trim(rest).n > 0; i++) {
		struct str name, text;

		if (i == MEDIA_TYPE_PARAMETERS_MAX || !parameter_take(&rest, &name, &text))
			return ERR_BAD_REQUEST;
		if (!parameter_keep(name, text, STR("charset"), &out->charset) ||
		    !parameter_keep(name, text, STR("boundary"), &out->boundary))
			return ERR_BAD_REQUEST;
	}
	return ERR_OK;
}

bool media_type_is(const struct media_type *type, const char *essence)
{
	return str_eq_nocase(type->essence, str_from(essence)) &&
	       (type->charset.n == 0 || str_eq_nocase(type->charset, STR("utf-8")) ||
		str_eq_nocase(type->charset, STR("utf8")));
}
