/* The Accept header: see accept.h. */
#include "http/accept.h"

#include "http/chars.h"

#include <stddef.h>

/* "0", "0.", "0.0", "0.00", "0.000": everything else, malformed ones too, is above zero or counts as such. */
static bool is_zero(struct str quality)
{
	if (quality.n == 0 || quality.p[0] != '0')
		return false;
	for (size_t i = 1; i < quality.n; i++) {
		if (quality.p[i] != '0' && quality.p[i] != '.')
			return false;
	}
	return true;
}

/* Whether the parameters of a range say q=0. */
static bool is_refused(struct str parameters)
{
	while (parameters.n > 0) {
		struct str parameter, rest, name, value;

		str_cut(parameters, ';', &parameter, &rest);
		parameters = rest;
		str_cut(parameter, '=', &name, &value);
		if (str_eq_nocase(str_trim(name), STR("q")) && is_zero(str_trim(value)))
			return true;
	}
	return false;
}

bool accept_names(struct str header, const char *type)
{
	for (int i = 0; i < ACCEPT_RANGES_MAX && header.n > 0; i++) {
		struct str range, rest, name, parameters;

		str_cut(header, ',', &range, &rest);
		header = rest;
		str_cut(range, ';', &name, &parameters);
		if (str_eq_nocase(str_trim(name), str_from(type)) && !is_refused(parameters))
			return true;
	}
	return false;
}
