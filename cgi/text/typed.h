/* Names in a text, as people type them and as it is stored: "@ann", "#general", ":party:" and the forms of
 * text/token.h. This is where they stand; what they mean is asked of whoever knows (domain/name). What is code, a link,
 * or behind a backslash is left alone, as markdown_to_html has it. */
#ifndef SNUG_TEXT_TYPED_H
#define SNUG_TEXT_TYPED_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "text/token.h"

/* So many names of a text are asked for; further ones stay as they are typed. */
enum { TYPED_NAMES_MAX = 50 };

/* Finds what the name behind a sign (@, # or :) means: rest is the text behind it, to the end of its line. Appends the
 * stored form to out and sets *taken to the length of the name in bytes; 0 when it means nothing. */
typedef enum err typed_find(void *owner, char sign, struct str rest, struct buf *out, size_t *taken);

/* Appends how a stored form is typed; nothing when that is not known. */
typedef enum err typed_name(void *owner, const struct token *token, struct buf *out);

/* Both give a text in the arena, or the one that was given when nothing in it changes. Errors: of the callbacks. */
enum err typed_to_stored(struct arena *arena, struct str text, typed_find *find, void *owner, struct str *out) MUST_USE;
enum err typed_from_stored(struct arena *arena, struct str text, typed_name *name, void *owner,
			   struct str *out) MUST_USE;

#endif
