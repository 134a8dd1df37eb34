/* What the store is told without waiting, after the answer is made: that a session was used, and security events that
 * no op of its own brings along. None of it holds a request up or makes it fail, and where the store is away it is not
 * told. How much of it there is is bounded by limit.def. */
#ifndef SNUG_FRONT_NOTICE_H
#define SNUG_FRONT_NOTICE_H

#include "domain/security_event/security_event.h"
#include "front/front.h"

/* Notes that the caller's session was used, where that is known of an earlier time only: for lists of sessions. */
void notice_session(struct request *request);

/* Notes a security event of a reportable kind, about an account (0: none). detail is a few words without a secret, or
 * NULL. The caller has logged it. */
void notice_security(struct request *request, enum security_kind kind, int64_t user_id, const char *detail);

#endif
