/* Security events: what an administrator of the server wants to know of afterwards. Each is a row of security_events
 * and a log line of the same name. No row holds a secret, a hash, or what somebody typed.
 *
 * Of each kind the newest SECURITY_EVENTS_KEEP are kept, so that whoever floods one kind pushes none of another out. */
#ifndef SNUG_DOMAIN_SECURITY_EVENT_SECURITY_EVENT_H
#define SNUG_DOMAIN_SECURITY_EVENT_SECURITY_EVENT_H

#include "domain/apply.h"

enum security_kind {
#define SECURITY(name, text, level, is_reportable) SECURITY_##name,
#include "domain/security_event/security_event.def"
#undef SECURITY
	SECURITY_KIND_COUNT
};

enum {
	SECURITY_EVENTS_KEEP = 2000,
	SECURITY_EVENTS_PAGE_MAX = 100,
	SECURITY_DETAIL_MAX = 200,
	SECURITY_TOLD_MAX = 3, /* of one kind, to one account by mail */
	SECURITY_TOLD_IN_MS = 3600 * 1000
};

/* The kind's name in rows, JSON and log lines; and back, SECURITY_KIND_COUNT when there is none (NULL is none). */
const char *security_kind_name(enum security_kind kind);
enum security_kind security_kind_from_name(const char *name);

/* Notes and logs that this happened to the account (0: to none that exists), by apply's actor, from apply's address.
 * detail is a few words for who reads it, or NULL. An apply function that returns an error after this sets
 * apply->keeps_changes, or nothing is noted. */
enum err security_event_add(struct apply *apply, enum security_kind kind, int64_t user_id, const char *detail) MUST_USE;

/* Whether the owner of the account is told by mail of what security_event_add has just noted. That is so of the first
 * few of a kind in an hour: the owner knows by then, and an address is whatever somebody typed, so more of them would
 * be a way to fill anybody's inbox. */
enum err security_event_is_told(struct apply *apply, enum security_kind kind, int64_t user_id, bool *is_told) MUST_USE;

/* What a front saw that no op of its own says: kinds that are reportable. The front has logged it already. */
struct security_event_report_input {
	struct field_set set;
	const char *kind;
	int64_t user_id;
	const char *detail;
};
extern const struct field security_event_report_fields[];
apply_function security_event_report_apply;

/* Which of them, newest first; what is 0 or NULL does not narrow. */
struct security_event_filter {
	const char *kind;
	int64_t user_id;
	int64_t before; /* only those with a lower id */
	int limit;      /* at most SECURITY_EVENTS_PAGE_MAX */
};

/* Writes an array of {id,kind,at,user:{id,username} or null,address,detail}. Whoever may see it was checked before. */
enum err security_event_list_to_json(struct sql *db, struct arena *arena, struct jw *jw, const char *key,
				     const struct security_event_filter *filter) MUST_USE;

#endif
