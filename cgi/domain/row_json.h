/* What several nouns write in JSON of the row that a statement stands on, without a copy of its texts. */
#ifndef SNUG_DOMAIN_ROW_JSON_H
#define SNUG_DOMAIN_ROW_JSON_H

#include "sql/sql.h"
#include "json/jw.h"

/* A text, or null. */
void row_text_to_json(struct jw *jw, const char *key, struct sql_stmt *stmt, int column);

/* An account as user_to_json writes it, of the columns id, username, display_name, avatar and is_bot, of which the
 * first is `column`. */
void row_user_to_json(struct jw *jw, const char *key, struct sql_stmt *stmt, int column);

/* An array of the accounts that a query gives, with those columns as its first. Errors: as sql_finish. */
enum err row_users_to_json(struct sql *db, struct jw *jw, const char *key, enum query query,
			   const struct sql_arg *args) MUST_USE;

#endif
