/* The parameters of a FastCGI request: see params.h. Called for each request, and by snug-web and snug-api alone. */
#include "front/params.h"

#include <stdbool.h>
#include <string.h>

/* What of a parameter came in the head; lighttpd adds more of its own, and repeats the address. */
static size_t head_bytes(const struct param *param)
{
	bool is_header = param->name.n > 5 && memcmp(param->name.p, "HTTP_", 5) == 0;

	return is_header || str_eq(param->name, STR("REQUEST_URI")) ? param->name.n + param->value.n : 0;
}

enum err params_read(char *const *environment, struct params *out)
{
	size_t bytes = 0, head = 0;

	out->count = 0;
	for (; *environment != NULL; environment++) {
		struct param param;
		struct str entry = str_from(*environment);

		bytes += entry.n;
		if (out->count == PARAMS_MAX || bytes > PARAMS_BYTES_MAX)
			return ERR_HEADERS_TOO_LARGE;
		if (!str_cut(entry, '=', &param.name, &param.value) || param.name.n == 0)
			return ERR_BAD_REQUEST;
		head += head_bytes(&param);
		if (head > PARAMS_HEAD_BYTES_MAX)
			return ERR_HEADERS_TOO_LARGE;
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
	struct str wanted = str_from(name);

	for (size_t i = 0; i < params->count; i++) {
		if (str_eq(params->list[i].name, wanted))
			return params->list[i].value;
	}
	return (struct str){NULL, 0};
}
