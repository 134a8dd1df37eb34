/* Forms and query strings: see form.h. Called by front for each request. */
#include "http/form.h"

#include "http/percent.h"

#include <stdbool.h>
#include <string.h>

static enum err parse(struct arena *arena, struct str text, bool may_repeat, struct form *out)
{
	out->count = 0;
	while (text.n > 0) {
		struct str pair, rest, name, value;

		str_cut(text, '&', &pair, &rest);
		text = rest;
		if (pair.n == 0)
			continue;
		if (out->count == FORM_FIELDS_MAX)
			return ERR_BAD_REQUEST;
		str_cut(pair, '=', &name, &value);
		TRY(percent_decode(arena, name, PERCENT_PLUS_IS_BLANK, &name));
		TRY(percent_decode(arena, value, PERCENT_PLUS_IS_BLANK, &value));
		if (name.n == 0 || name.n > FORM_NAME_MAX || (!may_repeat && form_find(out, name.p) != NULL))
			return ERR_BAD_REQUEST;
		out->fields[out->count++] = (struct form_field){name.p, value.p};
	}
	return ERR_OK;
}

enum err form_parse(struct arena *arena, struct str text, struct form *out)
{
	return parse(arena, text, false, out);
}

enum err form_parse_repeated(struct arena *arena, struct str text, struct form *out)
{
	return parse(arena, text, true, out);
}

const char *form_find(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++) {
		if (strcmp(form->fields[i].name, name) == 0)
			return form->fields[i].value;
	}
	return NULL;
}
