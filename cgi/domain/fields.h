/* What most tables of fields have a row of. */
#ifndef SNUG_DOMAIN_FIELDS_H
#define SNUG_DOMAIN_FIELDS_H

#include "base/field.h"

/* An id that has to be given, as the member of that name. */
#define FIELD_REQUIRED_ID(input, member)                                                                               \
	{                                                                                                              \
		.name = #member, .type = FIELD_ID, .flags = FIELD_REQUIRED, .offset = offsetof(struct input, member)   \
	}

#endif
