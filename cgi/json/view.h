/* A view, parsed for reading and finishing: what templates are rendered with, and what bodies and ops are decoded from.
 * A page of history has two thousand values; as jansson's reference-counted tables they made it cost 3.0 ms, as lists in
 * an arena 1.0 ms. json.h is for what is more than read: trees that are built, and values that an op walks by itself.
 *
 * Members and items are linked lists in the order of the text. A node stands in one list only: view_put copies it. */
#ifndef SNUG_JSON_VIEW_H
#define SNUG_JSON_VIEW_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* Names of an object are compared with each other, so how many there are is what bounds the work. */
enum { VIEW_DEPTH_MAX = 32, VIEW_PEER_MAX = 256 * 1024, VIEW_MEMBERS_MAX = 256 };

enum view_type { VIEW_NULL, VIEW_FALSE, VIEW_TRUE, VIEW_NUMBER, VIEW_TEXT, VIEW_LIST, VIEW_OBJECT };

struct view {
	enum view_type type;
	uint32_t name_key; /* of name, to tell most names apart at once */
	struct str name;   /* of a member */
	union {
		struct str text; /* of VIEW_TEXT, and of VIEW_NUMBER as it was written */
		struct {
			struct view *first, *last; /* of VIEW_LIST and VIEW_OBJECT */
		};
	};
	struct view *next; /* the next member or item of whoever holds this one */
};

/* Parses one JSON text (RFC 8259). Text without escapes is borrowed, so p must live as long as the view. What is not
 * checked: that strings are UTF-8 and names differ. ERR_BAD_JSON for anything that is not JSON, for U+0000, and deeper
 * than VIEW_DEPTH_MAX. */
enum err view_parse(struct arena *arena, const char *p, size_t n, struct view **out) MUST_USE;

/* The same for what a peer sent: at most VIEW_PEER_MAX bytes (ERR_TOO_LARGE), valid UTF-8, no name twice in an object,
 * at most VIEW_MEMBERS_MAX members in one, no number that neither int64_t nor a double holds (ERR_BAD_JSON). */
enum err view_parse_peer(struct arena *arena, const char *p, size_t n, struct view **out) MUST_USE;

/* The same for a body in which texts may be long: at most max bytes, of which VIEW_PEER_MAX at most stand outside texts,
 * so that it makes no more nodes than any other. */
enum err view_parse_long(struct arena *arena, const char *p, size_t n, size_t max, struct view **out) MUST_USE;

/* NULL when there is no such member, or view is no object, or NULL. Of two of a name, the first. */
struct view *view_find(const struct view *view, const char *name);

/* Members that may be absent or of another type: then the empty string, 0 or false. */
struct str view_text(const struct view *object, const char *name);
int64_t view_id(const struct view *object, const char *name);  /* from a decimal string or number */
int64_t view_int(const struct view *object, const char *name); /* a number; 0 beyond int64_t and for fractions */

/* Whether view is a number that is an integer within int64_t, and which. */
bool view_to_int(const struct view *view, int64_t *out);

struct view *view_new_object(struct arena *arena); /* an empty one */
bool view_is_object(const struct view *view);           /* NULL is none */
size_t view_count(const struct view *list);             /* items of a list or members of an object */
void view_reverse(struct view *list);                   /* the last item becomes the first */
void view_remove(struct view *list, struct view *item); /* an item that is in it */
void view_append(struct view *list, struct view *item); /* an item that is in no list */

/* Sets a member, replacing one of that name; name and text are borrowed. object must be an object. */
void view_put_text(struct arena *arena, struct view *object, const char *name, struct str text);
void view_put_int(struct arena *arena, struct view *object, const char *name, int64_t number);
void view_put_flag(struct arena *arena, struct view *object, const char *name, bool value);
void view_put_null(struct arena *arena, struct view *object, const char *name);
struct view *view_put_object(struct arena *arena, struct view *object,
			     const char *name); /* an empty one, to be filled */
struct view *view_put_list(struct arena *arena, struct view *object, const char *name);

/* Sets a member to a copy of value, whose own members and items both then share: finish them first. NULL is null. */
void view_put(struct arena *arena, struct view *object, const char *name, const struct view *value);

#endif
