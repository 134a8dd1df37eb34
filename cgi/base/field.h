/* Field tables: what an operation or a form takes, as rows. json/field_decode.h fills a struct from them.
 *
 *   struct message_create_input {
 *           struct field_set set;          // always the first member
 *           int64_t channel_id;
 *           const char *content;
 *   };
 *   const struct field message_create_fields[] = {
 *           {.name = "channel_id", .type = FIELD_ID, .flags = FIELD_REQUIRED, .offset = offsetof(…, channel_id)},
 *           {.name = "content", .type = FIELD_TEXT, .flags = FIELD_TRIM | FIELD_MULTILINE, .max = 4000, .offset = …},
 *           {0}};
 *
 * Unknown fields are ignored and null counts as absent (Discord's libraries send many of both); bit i of set.given says
 * that row i was given with a value, bit i of set.nulled that it was given as null. */
#ifndef SNUG_BASE_FIELD_H
#define SNUG_BASE_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_type {
	FIELD_END,   /* ends a table */
	FIELD_TEXT,  /* const char *, valid UTF-8 without NUL; min and max are code points */
	FIELD_ID,    /* int64_t snowflake from a string or a bare integer; 0 when absent */
	FIELD_INT,   /* int64_t within min and max; 0 when absent */
	FIELD_FLAG,  /* bool */
	FIELD_NONCE, /* const char *: a string of at most max code points, or an integer as text; NULL when absent or ""
		      */
	FIELD_BITS,  /* uint64_t permission bits: decimal string or integer */
	FIELD_JSON,  /* json_t *, borrowed from the parsed input: the operation reads it itself */
};

enum field_flag {
	FIELD_REQUIRED = 1,  /* absent or null is an error */
	FIELD_TRIM = 2,      /* white space at both ends goes before the length is taken */
	FIELD_MULTILINE = 4, /* newline and tab are allowed */
	FIELD_LOWER = 8,     /* ASCII letters become lower case */
	FIELD_SECRET = 16,   /* never echoed in an error or a re-shown form */
};

struct field {
	const char *name;
	const char *alias; /* another accepted name, or NULL */
	enum field_type type;
	unsigned flags;
	size_t offset;
	int64_t min,
	    max; /* max 0 is FIELD_TEXT_MAX for text and no upper limit for FIELD_INT; both 0 is no limit at all */
};

enum { FIELD_TEXT_MAX = 32768, FIELD_TABLE_MAX = 64 };

struct field_set {
	uint64_t given;
	uint64_t nulled;
};

/* Whether the row of that name was given, null included, and whether it was given as null. The row must exist. */
bool field_is_given(const struct field *table, const struct field_set *set, const char *name);
bool field_is_nulled(const struct field *table, const struct field_set *set, const char *name);

/* What is wrong with an input, in the terms of Discord's error form. */
struct field_error {
	const char *field; /* borrowed from the table, "" for the input as a whole */
	const char *code;  /* "BASE_TYPE_REQUIRED", "BASE_TYPE_BAD_LENGTH", … */
	char message[96];
};

enum { FIELD_ERRORS_MAX = 64 }; /* a list of people may have a complaint about each */

struct field_errors {
	struct field_error list[FIELD_ERRORS_MAX];
	size_t count;
};

/* Adds one; beyond FIELD_ERRORS_MAX they are dropped. */
void field_errors_add(struct field_errors *errors, const char *field, const char *code, const char *message);

#endif
