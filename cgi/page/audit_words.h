/* From an entry of the audit log to what a template makes a sentence of. */
#ifndef SNUG_PAGE_AUDIT_WORDS_H
#define SNUG_PAGE_AUDIT_WORDS_H

#include "front/front.h"
#include "page/role_view.h"
#include "json/jw.h"
#include "json/view.h"

/* What the entries of one page speak of. */
struct audit_words {
	struct request *request;
	struct view *users; /* of audit_users_to_json */
	struct role_view roles;
};

/* Adds a list of {number, is, is_chosen}, one for each kind of entry: what can be chosen to narrow the log. */
void audit_words_write_actions(struct jw *jw, const char *key, int64_t chosen);

/* Readies an entry's own view: actor (a user) or null, target {name} or null, place {name} or null, is (of whose
 * members one at most is true), moment, reason or null, and what audit_changes_ready adds. Errors are the database's.
 */
enum err audit_words_ready(const struct audit_words *words, struct view *entry) MUST_USE;

/* Replaces the entry's changes by those that have words, [{is, before, after, given, taken, names, is_on, moment}], and
 * adds has_changes. */
enum err audit_changes_ready(struct arena *arena, struct view *entry) MUST_USE;

#endif
