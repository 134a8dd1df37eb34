/* Mustache templates (mustache.5 and the official specification's required modules): logic stays in the view,
 * everything is escaped unless written {{{so}}} or {{&so}}. Bytes in, bytes out; only a tmpl_set touches files.
 *
 * What the specification leaves open: false, null, an empty list, an empty string and the number 0 are false in a
 * section;
 * {{name}} of null writes nothing, of true and false the word; of an object or list nothing (an error when strict).
 *
 * Lenient: an unknown name, and an unknown partial, write nothing and are logged once a place.
 * Strict: they are errors, so that a test finds every misspelt name. A known name may be false or null in both. */
#ifndef SNUG_TMPL_TMPL_H
#define SNUG_TMPL_TMPL_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "json/view.h"

enum {
	TMPL_SIZE_MAX = 256 * 1024,   /* bytes of one template's source */
	TMPL_NAME_MAX = 128,          /* bytes of a tag's name, and of a template's */
	TMPL_NAME_PARTS_MAX = 16,     /* "a.b.c" has three */
	TMPL_DELIMITER_MAX = 8,       /* bytes of a custom delimiter */
	TMPL_SECTION_DEPTH_MAX = 32,  /* sections inside sections of one template */
	TMPL_PARTIAL_DEPTH_MAX = 32,  /* partials inside partials: a partial that includes itself for ever ends here */
	TMPL_CONTEXT_DEPTH_MAX = 256, /* sections entered at one time, across partials */
	TMPL_STEPS_MAX = 2 * 1000 * 1000, /* tags and texts of one render: nested loops end here */
	TMPL_OUTPUT_MAX = 8 * 1024 * 1024 /* bytes of one render */
};

enum tmpl_mode { TMPL_LENIENT, TMPL_STRICT };

/* Where and why something failed. why is a static sentence, tag is "" where no tag is to blame. */
struct tmpl_error {
	char name[TMPL_NAME_MAX + 1]; /* the template */
	char tag[TMPL_NAME_MAX + 1];
	int line; /* 1 is the first; 0 where no line is to blame */
	const char *why;
};

/* One parsed template. Immutable but for its note of what was logged. */
struct tmpl;

/* Parses n bytes, which are copied; any byte may stand in the text. name is for errors and is cut at TMPL_NAME_MAX.
 * Errors, told in error (may be NULL): ERR_TOO_LARGE for the limits above, ERR_BAD_REQUEST for bad syntax. */
enum err tmpl_parse(const char *name, const char *source, size_t n, struct tmpl **out,
		    struct tmpl_error *error) MUST_USE;
void tmpl_free(struct tmpl *tmpl); /* NULL is allowed */

/* Finds a partial by its name; NULL when there is none. What it returns must live until the render ends. */
struct tmpl_partials {
	struct tmpl *(*find)(void *owner, const char *name);
	void *owner;
};

/* Appends the rendered template to out. data is borrowed and may be of any type; NULL is an empty object.
 * Strings are written as they are: whoever made the data answers for their being UTF-8.
 * On error out is as it was. Errors, told in error (may be NULL): ERR_TOO_LARGE for the limits above, ERR_NOT_FOUND for
 * an unknown name or partial in strict mode, ERR_BAD_REQUEST for an object or list where a text is wanted in strict
 * mode. */
enum err tmpl_render_parsed(struct tmpl *tmpl, const struct tmpl_partials *partials, const struct view *data,
			    enum tmpl_mode mode, struct buf *out, struct tmpl_error *error) MUST_USE;

/* A folder of templates. The template "page/channel" is the file page/channel.mustache in it; partials are found
 * likewise. Each is read and parsed when it is first needed and kept until close, so a change of a file shows after a
 * restart. */
struct tmpl_set;

/* directory is copied. ERR_NOT_FOUND when there is no such folder. */
enum err tmpl_set_open(const char *directory, struct tmpl_set **out) MUST_USE;
void tmpl_set_close(struct tmpl_set *set); /* NULL is allowed */

/* From now on every render of the set is strict, whatever its mode: for tests of what renders. */
void tmpl_set_be_strict(struct tmpl_set *set);

/* Finds a template, loading it when it is new; NULL when it is missing or malformed, which is logged.
 * A name is made of [a-z0-9_-] and single slashes inside it. */
struct tmpl *tmpl_set_find(struct tmpl_set *set, const char *name);

/* Renders the named template of the set with its fellows as partials. As tmpl_render_parsed; an error is also logged.
 * ERR_INTERNAL when the template cannot be loaded. */
enum err tmpl_render(struct tmpl_set *set, const char *name, const struct view *data, enum tmpl_mode mode,
		     struct buf *out) MUST_USE;

/* The latest error of tmpl_render or tmpl_set_find; why is NULL when there was none. */
const struct tmpl_error *tmpl_set_error(const struct tmpl_set *set);

#endif
