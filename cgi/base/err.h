/* Errors as values. err.def is the only list; a function that can fail returns enum err and ERR_OK means success. */
#ifndef SNUG_BASE_ERR_H
#define SNUG_BASE_ERR_H

#include <stdbool.h>

enum err {
#define ERR(name, code, status, retryable, text) ERR_##name,
#include "base/err.def"
#undef ERR
	ERR_COUNT
};

struct err_info {
	const char *name; /* "UNKNOWN_CHANNEL": what travels between programs */
	int code;         /* the JSON error code of the API */
	int status;       /* HTTP status */
	bool retryable;   /* the same request may succeed later */
	const char *text; /* default message for people */
};

#define MUST_USE __attribute__((warn_unused_result))

/* Returns the row of e; never NULL. */
const struct err_info *err_info(enum err e);

/* Finds an error by its name, ERR_INTERNAL when there is none. */
enum err err_from_name(const char *name);

/* Says that a failure changes nothing here; the comment at the call says why. */
static inline void err_ignore(enum err e)
{
	(void)e;
}

/* Returns from the calling function when the expression fails: the one macro with control flow. */
#define TRY(expression)                                                                                                \
	do {                                                                                                           \
		enum err try_err_ = (expression);                                                                      \
		if (try_err_ != ERR_OK)                                                                                \
			return try_err_;                                                                               \
	} while (0)

#endif
