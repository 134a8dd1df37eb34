/* Invariant: the place that is looked at only goes forward, and what stands in scripts, styles and comments is passed
 * over without being looked into. */
#include "text/page_head.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "text/markdown_parse.h"

#include <string.h>

enum { CHARSET_WITHIN = 4096, VALUE_MAX = 8192 };

struct scan {
	const char *p, *end;
};

static size_t left(const struct scan *scan)
{
	return (size_t)(scan->end - scan->p);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_letter(char c)
{
	c = str_lower(c);
	return c >= 'a' && c <= 'z';
}

static void skip_blanks(struct scan *scan)
{
	while (scan->p < scan->end && is_blank(*scan->p))
		scan->p++;
}

static struct str take_name(struct scan *scan)
{
	struct str name = {scan->p, 0};
	while (scan->p < scan->end && !is_blank(*scan->p) && strchr("/>=\"'", *scan->p) == NULL)
		scan->p++;
	name.n = (size_t)(scan->p - name.p);
	return name;
}

static struct str take_value(struct scan *scan)
{
	struct str value = {scan->p, 0};
	if (scan->p == scan->end)
		return value;
	char quote = *scan->p;
	if (quote == '"' || quote == '\'') {
		value.p = ++scan->p;
		const char *close = memchr(scan->p, quote, left(scan));
		value.n = close != NULL ? (size_t)(close - value.p) : left(scan);
		scan->p = close != NULL ? close + 1 : scan->end;
		return value;
	}
	while (scan->p < scan->end && !is_blank(*scan->p) && *scan->p != '>')
		scan->p++;
	value.n = (size_t)(scan->p - value.p);
	return value;
}

/* The next attribute of a tag; false at its end, which is passed. */
static bool take_attribute(struct scan *scan, struct str *name, struct str *value)
{
	while (scan->p < scan->end && (is_blank(*scan->p) || strchr("/=\"'", *scan->p) != NULL))
		scan->p++;
	if (scan->p == scan->end)
		return false;
	if (*scan->p == '>') {
		scan->p++;
		return false;
	}
	*name = take_name(scan);
	*value = (struct str){scan->p, 0};
	skip_blanks(scan);
	if (scan->p < scan->end && *scan->p == '=') {
		scan->p++;
		skip_blanks(scan);
		*value = take_value(scan);
	}
	return true;
}

static void skip_tag(struct scan *scan)
{
	struct str name, value;
	while (take_attribute(scan, &name, &value))
		;
}

/* Goes to the end tag of an element whose content is text alone, and gives that. */
static struct str take_raw(struct scan *scan, struct str element)
{
	struct str content = {scan->p, 0};
	while (scan->p < scan->end) {
		const char *open = memchr(scan->p, '<', left(scan));
		scan->p = open != NULL ? open : scan->end;
		content.n = (size_t)(scan->p - content.p);
		if (left(scan) > element.n + 1 && scan->p[1] == '/' &&
		    str_eq_nocase((struct str){scan->p + 2, element.n}, element))
			break;
		if (scan->p < scan->end)
			scan->p++;
	}
	return content;
}

static void skip_comment(struct scan *scan)
{
	const char *end = memmem(scan->p, left(scan), "-->", 3);
	scan->p = end != NULL ? end + 3 : scan->end;
}

/* Stands behind "<" and a name; false where there is no further tag. */
static bool next_tag(struct scan *scan, struct str *name)
{
	while (scan->p < scan->end) {
		const char *open = memchr(scan->p, '<', left(scan));
		scan->p = open != NULL ? open + 1 : scan->end;
		if (left(scan) >= 3 && memcmp(scan->p, "!--", 3) == 0) {
			skip_comment(scan);
		} else if (scan->p < scan->end && (is_letter(*scan->p) || *scan->p == '/')) {
			const char *from = scan->p;
			scan->p += *from == '/';
			*name = take_name(scan);
			*name = (struct str){from, (size_t)(scan->p - from)};
			return true;
		}
	}
	return false;
}

static bool is_name(struct str name, const char *wanted)
{
	return str_eq_nocase(name, str_from(wanted));
}

/* Text with its entities resolved, in one line, at most max code points, in the arena. */
static struct str clean(struct arena *arena, struct str text, size_t max)
{
	struct buf *resolved = buf_in_arena(arena), *out = buf_in_arena(arena);
	size_t count = 0;
	if (text.n > VALUE_MAX)
		text.n = VALUE_MAX;
	for (size_t i = 0; i < text.n; i++) {
		enum { ENTITY_MAX = 10 };
		size_t rest = text.n - i < ENTITY_MAX ? text.n - i : ENTITY_MAX;
		const char *semicolon = text.p[i] == '&' ? memchr(text.p + i, ';', rest) : NULL;
		if (semicolon != NULL && semicolon > text.p + i + 1) {
			markdown_put_entity(resolved, (struct str){text.p + i, (size_t)(semicolon - text.p) - i + 1});
			i = (size_t)(semicolon - text.p);
		} else {
			buf_putc(resolved, text.p[i]);
		}
	}
	for (size_t i = 0; i < resolved->n && count < max;) {
		uint32_t code_point;
		size_t n = utf8_decode(resolved->p + i, resolved->n - i, &code_point);
		bool is_space = n == 1 && is_blank(resolved->p[i]);
		bool is_shown = n > 0 && !utf8_has_control(resolved->p + i, n, false);
		if (is_shown && !(resolved->p[i] == ' ' && (out->n == 0 || out->p[out->n - 1] == ' '))) {
			buf_put(out, resolved->p + i, n);
			count++;
		} else if (n == 0) {
			buf_puts(out, "\xef\xbf\xbd");
			count++;
		} else if (is_space && out->n > 0 && out->p[out->n - 1] != ' ') {
			buf_putc(out, ' ');
			count++;
		}
		i += n > 0 ? n : 1;
	}
	struct str made = {out->n > 0 ? out->p : "", out->n};
	utf8_trim(&made.p, &made.n);
	return made;
}

/* What was found, by how much it counts: the first of the highest wins. */
struct found {
	struct str text;
	int weight;
};

static void note(struct found *found, struct str text, int weight)
{
	if (weight > found->weight && text.n > 0)
		*found = (struct found){text, weight};
}

struct findings {
	struct found title, description, site;
};

static void read_meta(struct scan *scan, struct findings *findings)
{
	static const struct {
		const char *name;
		size_t of; /* which of the findings */
		int weight;
	} rows[] = {
	    {"og:title", offsetof(struct findings, title), 3},
	    {"twitter:title", offsetof(struct findings, title), 2},
	    {"og:description", offsetof(struct findings, description), 3},
	    {"twitter:description", offsetof(struct findings, description), 2},
	    {"description", offsetof(struct findings, description), 1},
	    {"og:site_name", offsetof(struct findings, site), 2},
	    {"application-name", offsetof(struct findings, site), 1},
	};
	struct str name, value, called = STR(""), content = STR("");
	while (take_attribute(scan, &name, &value)) {
		if ((is_name(name, "property") || is_name(name, "name")) && called.n == 0)
			called = str_trim(value);
		else if (is_name(name, "content") && content.n == 0)
			content = value;
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (is_name(called, rows[i].name))
			note((struct found *)(void *)((char *)findings + rows[i].of), content, rows[i].weight);
	}
}

static bool is_raw(struct str name)
{
	static const char *const names[] = {"script", "style", "noscript", "template", "textarea", "iframe", "xmp"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (is_name(name, names[i]))
			return true;
	}
	return false;
}

static bool ends_head(struct str name)
{
	return is_name(name, "/head") || is_name(name, "body") || is_name(name, "/html");
}

void page_head_read(struct arena *arena, struct str html, const struct page_head_limits *limits, struct page_head *out)
{
	struct scan scan = {html.p, html.p + html.n};
	struct findings findings = {0};
	struct str name;
	while (next_tag(&scan, &name) && !ends_head(name)) {
		if (is_name(name, "meta")) {
			read_meta(&scan, &findings);
			continue;
		}
		skip_tag(&scan);
		if (is_name(name, "title"))
			note(&findings.title, take_raw(&scan, name), 1);
		else if (is_raw(name))
			(void)take_raw(&scan, name);
	}
	out->title = clean(arena, findings.title.text, limits->title);
	out->description = clean(arena, findings.description.text, limits->description);
	out->site = clean(arena, findings.site.text, limits->site);
}

static void put_charset(struct str name, char out[PAGE_HEAD_CHARSET_SIZE])
{
	out[0] = '\0';
	if (name.n == 0 || name.n >= PAGE_HEAD_CHARSET_SIZE)
		return;
	for (size_t i = 0; i < name.n; i++) {
		char c = str_lower(name.p[i]);
		if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '-' && c != '_' && c != ':' && c != '.') {
			out[0] = '\0';
			return;
		}
		out[i] = c;
		out[i + 1] = '\0';
	}
}

void page_head_type_charset(struct str content_type, char out[PAGE_HEAD_CHARSET_SIZE])
{
	static const char key[] = "charset=";
	out[0] = '\0';
	for (size_t i = 0; i + sizeof(key) - 1 < content_type.n; i++) {
		struct str at = {content_type.p + i, sizeof(key) - 1};
		if (!str_eq_nocase(at, STR("charset=")))
			continue;
		struct str rest = {at.p + at.n, content_type.n - i - at.n}, value, ignored;
		(void)str_cut(rest, ';', &value, &ignored);
		value = str_trim(value);
		if (value.n > 1 && value.p[0] == '"' && value.p[value.n - 1] == '"')
			value = (struct str){value.p + 1, value.n - 2};
		put_charset(value, out);
		return;
	}
}

void page_head_charset(struct str html, char out[PAGE_HEAD_CHARSET_SIZE])
{
	struct scan scan = {html.p, html.p + (html.n < CHARSET_WITHIN ? html.n : CHARSET_WITHIN)};
	struct str tag, name, value;
	out[0] = '\0';
	if (html.n >= 3 && memcmp(html.p, "\xef\xbb\xbf", 3) == 0)
		put_charset(STR("utf-8"), out);
	else if (html.n >= 2 && memcmp(html.p, "\xfe\xff", 2) == 0)
		put_charset(STR("utf-16be"), out);
	else if (html.n >= 2 && memcmp(html.p, "\xff\xfe", 2) == 0)
		put_charset(STR("utf-16le"), out);
	while (out[0] == '\0' && next_tag(&scan, &tag) && !ends_head(tag)) {
		if (is_raw(tag)) {
			skip_tag(&scan);
			(void)take_raw(&scan, tag);
		}
		while (is_name(tag, "meta") && out[0] == '\0' && take_attribute(&scan, &name, &value)) {
			if (is_name(name, "charset"))
				put_charset(str_trim(value), out);
			else if (is_name(name, "content"))
				page_head_type_charset(value, out);
		}
	}
}

bool page_head_is_whole(struct str html)
{
	struct scan scan = {html.p, html.p + html.n};
	struct str name;
	while (next_tag(&scan, &name)) {
		/* A name at the very end may go on. */
		if (scan.p == scan.end)
			return false;
		if (ends_head(name))
			return true;
		skip_tag(&scan);
		if (is_raw(name) || is_name(name, "title"))
			(void)take_raw(&scan, name);
	}
	return false;
}
