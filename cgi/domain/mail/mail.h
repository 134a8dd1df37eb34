/* Mail to one person, sent by snug-worker from templates/mail/<name>_text.mustache and <name>_html.mustache. Without
 * smtp_url there is no mail, and pages say how else to go on (snug user reset-password). */
#ifndef SNUG_DOMAIN_MAIL_MAIL_H
#define SNUG_DOMAIN_MAIL_MAIL_H

#include "base/str.h"
#include "domain/apply.h"

/* The rows of mail.def: which templates there are. */
enum mail_kind {
#define MAIL(name, subject) MAIL_##name,
#include "domain/mail/mail.def"
#undef MAIL
	MAIL_COUNT
};

struct mail_row {
	const char *name; /* of the templates and in a job's payload */
	const char *subject;
};

const struct mail_row *mail_row(enum mail_kind kind);
enum mail_kind mail_kind_from_name(const char *name); /* MAIL_COUNT when there is none; NULL is none */

/* Whether mail is sent at all. */
bool mail_is_on(const struct config *config);

/* Has the mail sent once this transaction is on disk; without mail it does nothing. data is a JSON object's text with
 * what the template shows; the worker adds "server_url" and "server_name". It is not sent after expires_at_ms (0:
 * however late), and a code in it should be of no use by then. */
enum err mail_add(struct apply *apply, enum mail_kind kind, const char *to, struct str data,
		  int64_t expires_at_ms) MUST_USE;

#endif
