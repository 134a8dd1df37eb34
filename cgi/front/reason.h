/* Why somebody does something, for the audit log: the header X-Audit-Log-Reason of the API, percent-encoded as
 * Discord's libraries send it, and the field `reason` of a page's form. */
#ifndef SNUG_FRONT_REASON_H
#define SNUG_FRONT_REASON_H

#include "front/front.h"

/* Puts what was said, trimmed, into request->caller.reason; nothing but blanks is nothing. ERR_INVALID_FORM with the
 * detail under "reason" when it is malformed, holds control characters, or is longer than AUDIT_REASON_MAX. */
enum err reason_read(struct request *request) MUST_USE;

#endif
