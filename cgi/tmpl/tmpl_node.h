/* The parsed form of a template: what tmpl_parse.c makes and tmpl_render.c walks. Nobody else includes this.
 *
 * Nodes stand in the order of the source. The body of the section at index i is the nodes i + 1 to end - 1, so that
 * skipping it is one assignment. All text points into the template's own copy of the source: a tag's name is cut into
 * its parts in place, "a.b" becoming the strings "a" and "b" one behind the other. */
#ifndef SNUG_TMPL_TMPL_NODE_H
#define SNUG_TMPL_TMPL_NODE_H

#include "tmpl/tmpl.h"

#include <stdbool.h>
#include <stddef.h>

enum tmpl_node_type {
	TMPL_NODE_TEXT,
	TMPL_NODE_ESCAPED,  /* {{name}} */
	TMPL_NODE_RAW,      /* {{{name}}}, {{&name}} */
	TMPL_NODE_SECTION,  /* {{#name}} */
	TMPL_NODE_INVERTED, /* {{^name}} */
	TMPL_NODE_PARTIAL   /* {{>name}} */
};

struct tmpl_node {
	enum tmpl_node_type type;
	int line;
	bool is_line_start; /* of a text: the first byte, or where it is empty the tag behind it, begins a line */
	bool is_alone;    /* of a partial: it has its line for itself, so each line of it is indented as the tag was */
	bool is_logged;   /* its unknown name was logged */
	unsigned parts;   /* of a name; 0 is {{.}} */
	const char *text; /* a text's bytes, or the first part of the name, NUL-terminated */
	size_t n;         /* bytes of text, or of the whole name with its dots */
	const char *indent; /* of a partial */
	size_t indent_n;
	size_t end; /* of a section: the index behind its body */
};

struct tmpl {
	char name[TMPL_NAME_MAX + 1];
	char *source;
	struct tmpl_node *nodes;
	size_t count;
	size_t capacity;
};

/* Fills error (may be NULL) and returns e. node may be NULL. */
enum err tmpl_error_set(struct tmpl_error *error, enum err e, const struct tmpl *tmpl, const struct tmpl_node *node,
			const char *why);

#endif
