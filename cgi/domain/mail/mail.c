#include "domain/mail/mail.h"

#include "base/ensure.h"

#include <string.h>

static const struct mail_row rows[] = {
#define MAIL(name, subject) {#name, subject},
#include "domain/mail/mail.def"
#undef MAIL
};
_Static_assert(sizeof(rows) / sizeof(rows[0]) == MAIL_COUNT, "one row a mail");

const struct mail_row *mail_row(enum mail_kind kind)
{
	ensure((unsigned)kind < MAIL_COUNT);
	return &rows[kind];
}

enum mail_kind mail_kind_from_name(const char *name)
{
	for (unsigned i = 0; name != NULL && i < MAIL_COUNT; i++) {
		if (strcmp(rows[i].name, name) == 0)
			return (enum mail_kind)i;
	}
	return MAIL_COUNT;
}

bool mail_is_on(const struct config *config)
{
	return config_text(config, CONFIG_SMTP_URL)[0] != '\0';
}
