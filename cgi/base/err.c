#include "base/err.h"

#include "base/ensure.h"

#include <string.h>

static const struct err_info infos[ERR_COUNT] = {
#define ERR(name, code, status, retryable, text) {#name, code, status, retryable, text},
#include "base/err.def"
#undef ERR
};

const struct err_info *err_info(enum err e)
{
	ensure((unsigned)e < ERR_COUNT);
	return &infos[e];
}

enum err err_from_name(const char *name)
{
	for (unsigned e = 0; name && e < ERR_COUNT; e++) {
		if (strcmp(infos[e].name, name) == 0)
			return (enum err)e;
	}
	return ERR_INTERNAL;
}
