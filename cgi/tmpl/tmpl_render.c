/* Nodes and data to bytes. The context is a stack of JSON values, innermost last; a name is looked for from the
 * innermost out, and only its first part so: the rest must be inside what the first part named. */
#include "tmpl/tmpl_node.h"

#include "base/log.h"

#include <string.h>

struct render {
	const struct tmpl_partials *partials;
	enum tmpl_mode mode;
	struct buf *out;
	size_t out_start; /* where this render began in out */
	struct tmpl_error *error;
	size_t steps;
	size_t partial_depth;
	struct buf indent; /* what stands before each line now, from indent_start on */
	size_t indent_start;
	const struct view *context[TMPL_CONTEXT_DEPTH_MAX];
	size_t depth;
};

static enum err render_nodes(struct render *render, struct tmpl *tmpl, size_t from, size_t to);

static enum err put(struct render *render, const struct tmpl *tmpl, const char *p, size_t n)
{
	if (n > TMPL_OUTPUT_MAX - (render->out->n - render->out_start))
		return tmpl_error_set(render->error, ERR_TOO_LARGE, tmpl, NULL, "the output is too large");
	buf_put(render->out, p, n);
	return ERR_OK;
}

static enum err put_indent(struct render *render, const struct tmpl *tmpl)
{
	size_t n = render->indent.n - render->indent_start;
	return n == 0 ? ERR_OK : put(render, tmpl, render->indent.p + render->indent_start, n);
}

static enum err put_text(struct render *render, const struct tmpl *tmpl, const struct tmpl_node *node)
{
	if (render->indent.n == render->indent_start)
		return put(render, tmpl, node->text, node->n);
	if (node->is_line_start)
		TRY(put_indent(render, tmpl));
	const char *p = node->text, *end = p + node->n;
	while (p < end) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		const char *next = newline ? newline + 1 : end;
		TRY(put(render, tmpl, p, (size_t)(next - p)));
		/* What follows the last newline of this text is told by the next node. */
		if (newline && next < end)
			TRY(put_indent(render, tmpl));
		p = next;
	}
	return ERR_OK;
}

/* What stands for each byte that HTML gives a meaning, in text and in quoted attributes. */
static const struct str escapes[256] = {
    ['&'] = {"&amp;", 5}, ['<'] = {"&lt;", 4}, ['>'] = {"&gt;", 4}, ['"'] = {"&quot;", 6}, ['\''] = {"&#39;", 5},
};

static enum err put_escaped(struct render *render, const struct tmpl *tmpl, struct str text)
{
	const char *p = text.p, *end = text.p + text.n, *from = p;
	for (; p < end; p++) {
		const struct str *escape = &escapes[(unsigned char)*p];
		if (escape->n == 0)
			continue;
		TRY(put(render, tmpl, from, (size_t)(p - from)));
		TRY(put(render, tmpl, escape->p, escape->n));
		from = p + 1;
	}
	return put(render, tmpl, from, (size_t)(end - from));
}

static const struct view *look_up(const struct render *render, const struct tmpl_node *node)
{
	if (node->parts == 0)
		return render->context[render->depth - 1];
	const struct view *value = NULL;
	for (size_t i = render->depth; i > 0 && !value; i--)
		value = view_find(render->context[i - 1], node->text);
	const char *part = node->text;
	for (unsigned i = 1; i < node->parts && value; i++) {
		part += strlen(part) + 1;
		value = view_find(value, part);
	}
	return value;
}

/* A name or partial that is not there: an error when strict, else a line in the log the first time. */
static enum err note_unknown(struct render *render, const struct tmpl *tmpl, struct tmpl_node *node, const char *why)
{
	struct tmpl_error error;
	enum err e = tmpl_error_set(&error, ERR_NOT_FOUND, tmpl, node, why);
	if (render->mode == TMPL_STRICT) {
		if (render->error)
			*render->error = error;
		return e;
	}
	if (!node->is_logged) {
		node->is_logged = true;
		log_event(LOG_WARN, "template_tag_unknown", log_text("template", error.name),
			  log_text("tag", error.tag), log_number("line", error.line), log_text("why", why));
	}
	return ERR_OK;
}

static enum err render_value(struct render *render, struct tmpl *tmpl, struct tmpl_node *node)
{
	const struct view *value = look_up(render, node);

	if (!value)
		return note_unknown(render, tmpl, node, "the name is unknown");
	switch (value->type) {
	case VIEW_TEXT:
		if (node->type == TMPL_NODE_ESCAPED)
			return put_escaped(render, tmpl, value->text);
		return put(render, tmpl, value->text.p, value->text.n);
	case VIEW_NUMBER:
		return put(render, tmpl, value->text.p, value->text.n);
	case VIEW_TRUE:
		return put(render, tmpl, "true", 4);
	case VIEW_FALSE:
		return put(render, tmpl, "false", 5);
	case VIEW_NULL:
		return ERR_OK;
	case VIEW_OBJECT:
	case VIEW_LIST:
		break;
	}
	if (render->mode == TMPL_LENIENT)
		return ERR_OK;
	return tmpl_error_set(render->error, ERR_BAD_REQUEST, tmpl, node,
			      "an object or list stands where text is wanted");
}

/* 0, 0.0 and 0e9 are zero. */
static bool is_zero(struct str number)
{
	for (size_t i = 0; i < number.n && number.p[i] != 'e' && number.p[i] != 'E'; i++) {
		if (number.p[i] >= '1' && number.p[i] <= '9')
			return false;
	}
	return true;
}

static bool is_true(const struct view *value)
{
	if (!value)
		return false;
	switch (value->type) {
	case VIEW_FALSE:
	case VIEW_NULL:
		return false;
	case VIEW_LIST:
		return value->first != NULL;
	case VIEW_TEXT:
		return value->text.n > 0;
	case VIEW_NUMBER:
		return !is_zero(value->text);
	case VIEW_OBJECT:
	case VIEW_TRUE:
		break;
	}
	return true;
}

static enum err render_body(struct render *render, struct tmpl *tmpl, size_t section, const struct view *context)
{
	const struct tmpl_node *node = &tmpl->nodes[section];
	if (render->depth == TMPL_CONTEXT_DEPTH_MAX)
		return tmpl_error_set(render->error, ERR_TOO_LARGE, tmpl, node,
				      "too many sections are open at one time");
	render->context[render->depth++] = context;
	enum err e = render_nodes(render, tmpl, section + 1, node->end);
	render->depth--;
	return e;
}

static enum err render_section(struct render *render, struct tmpl *tmpl, size_t section)
{
	struct tmpl_node *node = &tmpl->nodes[section];
	const struct view *value = look_up(render, node);

	if (!value)
		TRY(note_unknown(render, tmpl, node, "the name is unknown"));
	if (node->type == TMPL_NODE_INVERTED)
		return is_true(value) ? ERR_OK : render_nodes(render, tmpl, section + 1, node->end);
	if (!value || !is_true(value))
		return ERR_OK;
	if (value->type != VIEW_LIST)
		return render_body(render, tmpl, section, value);
	for (const struct view *item = value->first; item; item = item->next) {
		/* An element with an empty body is no step of render_nodes, so it is counted here. */
		render->steps++;
		TRY(render_body(render, tmpl, section, item));
	}
	return ERR_OK;
}

static enum err render_partial(struct render *render, struct tmpl *tmpl, struct tmpl_node *node)
{
	struct tmpl *partial = render->partials ? render->partials->find(render->partials->owner, node->text) : NULL;
	if (!partial)
		return note_unknown(render, tmpl, node, "there is no such partial");
	if (render->partial_depth == TMPL_PARTIAL_DEPTH_MAX)
		return tmpl_error_set(render->error, ERR_TOO_LARGE, tmpl, node, "partials are nested too deeply");

	/* Alone on its line, a partial adds its indentation to the one it stands in; inside a line it starts with none.
	 */
	size_t indent_n = render->indent.n, indent_start = render->indent_start;
	if (node->is_alone)
		buf_put(&render->indent, node->indent, node->indent_n);
	else
		render->indent_start = indent_n;
	render->partial_depth++;
	enum err e = render_nodes(render, partial, 0, partial->count);
	render->partial_depth--;
	render->indent.n = indent_n;
	render->indent_start = indent_start;
	return e;
}

static enum err render_nodes(struct render *render, struct tmpl *tmpl, size_t from, size_t to)
{
	for (size_t i = from; i < to;) {
		struct tmpl_node *node = &tmpl->nodes[i];
		if (++render->steps > TMPL_STEPS_MAX)
			return tmpl_error_set(render->error, ERR_TOO_LARGE, tmpl, node,
					      "the template takes too many steps");
		switch (node->type) {
		case TMPL_NODE_TEXT:
			TRY(put_text(render, tmpl, node));
			break;
		case TMPL_NODE_ESCAPED:
		case TMPL_NODE_RAW:
			TRY(render_value(render, tmpl, node));
			break;
		case TMPL_NODE_PARTIAL:
			TRY(render_partial(render, tmpl, node));
			break;
		case TMPL_NODE_SECTION:
		case TMPL_NODE_INVERTED:
			TRY(render_section(render, tmpl, i));
			i = node->end;
			continue;
		}
		i++;
	}
	return ERR_OK;
}

enum err tmpl_render_parsed(struct tmpl *tmpl, const struct tmpl_partials *partials, const struct view *data,
			    enum tmpl_mode mode, struct buf *out, struct tmpl_error *error)
{
	struct render render = {.partials = partials, .mode = mode, .out = out, .out_start = out->n, .error = error};
	render.context[render.depth++] = data;
	enum err e = render_nodes(&render, tmpl, 0, tmpl->count);
	buf_free(&render.indent);
	if (e != ERR_OK && out->p) {
		out->n = render.out_start;
		out->p[out->n] = '\0';
	}
	return e;
}
