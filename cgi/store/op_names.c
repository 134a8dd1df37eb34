/* The names of ops on the wire. */
#include "base/ensure.h"
#include "store/submit.h"

#include <string.h>

static const char *const names[] = {
#define OP(name, roles, needs_actor) #name,
#include "store/ops.def"
#undef OP
    "backup",
};
_Static_assert(sizeof(names) / sizeof(names[0]) == OP_COUNT, "one name an op");

const char *op_name(enum op op)
{
	ensure((size_t)op < OP_COUNT);
	return names[op];
}

enum op op_from_name(const char *name)
{
	for (size_t i = 0; name != NULL && i < OP_COUNT; i++) {
		if (strcmp(names[i], name) == 0)
			return (enum op)i;
	}
	return OP_COUNT;
}
