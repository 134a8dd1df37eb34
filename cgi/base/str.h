/* A borrowed piece of text: pointer and length, not NUL-terminated. What parsers give back. */
#ifndef SNUG_BASE_STR_H
#define SNUG_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>

struct str {
	const char *p;
	size_t n;
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})

struct str str_from(const char *text); /* borrows; NULL gives the empty string */
bool str_eq(struct str a, struct str b);
bool str_eq_text(struct str a, const char *text);
char str_lower(char c);                         /* ASCII only, whatever the locale */
bool str_eq_nocase(struct str a, struct str b); /* ASCII only */
struct str str_trim(struct str s);              /* ASCII blanks at both ends */
bool str_cut(struct str s, char at, struct str *head,
	     struct str *tail); /* false when at is absent: head = s, tail empty */

#endif
