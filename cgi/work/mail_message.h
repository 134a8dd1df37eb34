/* A mail job's payload (domain/mail/mail.h) made into the mail that is sent. */
#ifndef SNUG_WORK_MAIL_MESSAGE_H
#define SNUG_WORK_MAIL_MESSAGE_H

#include "base/arena.h"
#include "base/config.h"
#include "tmpl/tmpl.h"

struct mail_message {
	const char *from, *to;
	struct buf *content; /* RFC 5322; in the arena */
	int64_t expires_at_ms;
};

/* Renders it, in the arena. The same job gives the same bytes. On failure *why says why in a static sentence; trying
 * again would be of no use. */
enum err mail_message_make(struct arena *arena, struct tmpl_set *templates, const struct config *config, int64_t job_id,
			   const char *payload, struct mail_message *out, const char **why) MUST_USE;

#endif
