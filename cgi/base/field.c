#include "base/field.h"

#include "base/ensure.h"

#include <stdio.h>
#include <string.h>

void field_errors_add(struct field_errors *errors, const char *field, const char *code, const char *message)
{
	struct field_error *error;

	if (errors->count >= FIELD_ERRORS_MAX)
		return;
	error = &errors->list[errors->count++];
	error->field = field;
	error->code = code;
	snprintf(error->message, sizeof error->message, "%s", message);
	/* A message may name something of people's own, so a long one is not cut within a character. */
	if (strlen(message) >= sizeof error->message) {
		size_t n = sizeof error->message - 1;
		while (n > 0 && ((unsigned char)message[n] & 0xc0) == 0x80)
			n--;
		error->message[n] = '\0';
	}
}

static uint64_t row_bit(const struct field *table, const char *name)
{
	for (unsigned i = 0; i < FIELD_TABLE_MAX && table[i].name; i++) {
		if (strcmp(table[i].name, name) == 0)
			return UINT64_C(1) << i;
	}
	ensure_failed("the table has a row of that name", __FILE__, __LINE__);
}

bool field_is_given(const struct field *table, const struct field_set *set, const char *name)
{
	return ((set->given | set->nulled) & row_bit(table, name)) != 0;
}

bool field_is_nulled(const struct field *table, const struct field_set *set, const char *name)
{
	return (set->nulled & row_bit(table, name)) != 0;
}
