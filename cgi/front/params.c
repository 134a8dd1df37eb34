/* The parameters of a FastCGI request: see params.h. Called for each request, and by snug-web and snug-api alone. */
#include "front/params.h"

#include <string.h>

enum err params_read(char *const *environment, struct params *out)
{
	size_t bytes = 0;

	out->count = 0;
	for (; *environment != NULL; environment++) {
		struct param param;
		struct str entry = str_from(*environment);

		bytes += entry.n;
		if (out->count == PARAMS_MAX || bytes > PARAMS_BYTES_MAX)
			return ERR_HEADERS_TOO_LARGE;
		if (!str_cut(entry, '=', &param.name, &param.value) || param.name.n == 0)
			return ERR_BAD_REQUEST;
		for (size_t i = 0; i < out->count; i++) {
			if (str_eq(out->list[i].name, param.name))
				return ERR_BAD_REQUEST;
		}
		out->list[out->count++] = param;
	}
	return ERR_OK;
}

struct str params_find(const struct params *params, const char *name)
{
	for (size_t i = 0; i < params->count; i++) {
		if (str_eq_text(params->list[i].name, name))
			return params->list[i].value;
	}
	return (struct str){NULL, 0};
}
