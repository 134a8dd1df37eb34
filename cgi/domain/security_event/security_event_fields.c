/* The kinds of security events, and what the operation takes. */
#include "base/ensure.h"
#include "domain/security_event/security_event.h"

#include <string.h>

static const char *const names[] = {
#define SECURITY(name, text, level, is_reportable) #text,
#include "domain/security_event/security_event.def"
#undef SECURITY
};
_Static_assert(sizeof(names) / sizeof(names[0]) == SECURITY_KIND_COUNT, "one name a kind");

const char *security_kind_name(enum security_kind kind)
{
	ensure((unsigned)kind < SECURITY_KIND_COUNT);
	return names[kind];
}

enum security_kind security_kind_from_name(const char *name)
{
	for (unsigned i = 0; name != NULL && i < SECURITY_KIND_COUNT; i++) {
		if (strcmp(names[i], name) == 0)
			return (enum security_kind)i;
	}
	return SECURITY_KIND_COUNT;
}

const struct field security_event_report_fields[] = {
    {.name = "kind",
     .type = FIELD_TEXT,
     .flags = FIELD_REQUIRED,
     .max = 64,
     .offset = offsetof(struct security_event_report_input, kind)},
    {.name = "user_id", .type = FIELD_ID, .offset = offsetof(struct security_event_report_input, user_id)},
    {.name = "detail",
     .type = FIELD_TEXT,
     .max = SECURITY_DETAIL_MAX,
     .offset = offsetof(struct security_event_report_input, detail)},
    {0}};
