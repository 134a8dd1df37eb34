/* What message_json.c shares with message_apply.c. */
#ifndef SNUG_DOMAIN_MESSAGE_JSON_H
#define SNUG_DOMAIN_MESSAGE_JSON_H

#include "sql/sql.h"
#include "json/jw.h"

/* Writes the members of a message object from the row that stmt stands on, into an object that is open. */
void message_row_members(struct jw *jw, struct sql_stmt *stmt);

#endif
