/* Texts of any bytes as messages: whatever they say, the HTML has the elements and attributes of this list and no
 * others, with values of the form that each may have; elements nest and close; no link is in a link; sizes are bounded.
 * The first line may be JSON with the names that mentions have. */
#include "base/buf.h"
#include "base/ensure.h"
#include "base/log.h"
#include "text/markdown.h"
#include "text/mentions.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n);

enum { DEPTH_MAX = 2 * (MARKDOWN_BLOCK_DEPTH_MAX + MARKDOWN_SPAN_DEPTH_MAX) + 16, NAME_MAX_BYTES = 16 };

/* How the value of an attribute may look. */
enum form { NUMBER, CLASS, WORD, WEB, CHANNEL, EMOJI, SHORTCODE, ANY_URL, TIME, EXACT };

static const struct rule {
	const char *element, *attribute;
	enum form form;
	const char *exact;
} rules[] = {
    {"p", "class", EXACT, "large-emoji"},
    {"ol", "start", NUMBER, NULL},
    {"code", "class", CLASS, NULL},
    {"a", "href", WEB, NULL},
    {"a", "title", ANY_URL, NULL},
    {"a", "target", EXACT, "_blank"},
    {"a", "rel", EXACT, "noopener noreferrer nofollow"},
    {"a", "class", EXACT, "mention"},
    {"a", "data-channel", NUMBER, NULL},
    {"span", "class", EXACT, "mention"},
    {"span", "data-user", NUMBER, NULL},
    {"span", "data-role", NUMBER, NULL},
    {"span", "data-everyone", EXACT, ""},
    {"label", "class", EXACT, "spoiler"},
    {"input", "type", EXACT, "checkbox"},
    {"input", "aria-labelledby", EXACT, "word-spoiler"},
    {"img", "class", EXACT, "emoji"},
    {"img", "src", EMOJI, NULL},
    {"img", "alt", SHORTCODE, NULL},
    {"img", "title", SHORTCODE, NULL},
    {"img", "width", EXACT, "22"},
    {"img", "height", EXACT, "22"},
    {"img", "loading", EXACT, "lazy"},
    {"img", "decoding", EXACT, "async"},
    {"time", "class", EXACT, "moment"},
    {"time", "datetime", TIME, NULL},
    {"time", "data-style", WORD, NULL},
};

static const char *const elements[] = {"p",  "strong", "em",  "del",   "code",  "pre",  "blockquote", "ul",
				       "ol", "li",     "h3",  "h4",    "h5",    "h6",   "br",         "hr",
				       "a",  "span",   "img", "label", "input", "time", NULL};
static const char *const voids[] = {"br", "hr", "img", "input", NULL};

struct reader {
	const char *p, *end;
	char open[DEPTH_MAX][NAME_MAX_BYTES];
	size_t depth;
	int links, spoilers;
};

static bool is_one_of(const char *name, const char *const *list)
{
	for (; *list != NULL; list++) {
		if (strcmp(*list, name) == 0)
			return true;
	}
	return false;
}

static bool is_made_of(struct str value, const char *bytes)
{
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '\0' || strchr(bytes, value.p[i]) == NULL)
			return false;
	}
	return value.n > 0;
}

static bool starts_with(struct str text, const char *start)
{
	size_t n = strlen(start);
	return text.n >= n && str_eq_nocase((struct str){text.p, n}, str_from(start));
}

static bool is_number(struct str value)
{
	return is_made_of(value, "0123456789");
}

static struct str behind(struct str value, const char *start)
{
	size_t n = strlen(start);
	return starts_with(value, start) ? (struct str){value.p + n, value.n - n} : STR("");
}

/* Nothing that ends the attribute, begins markup, or a browser would drop from an address. */
static bool is_url(struct str value)
{
	for (size_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.p[i];
		if (c <= ' ' || c == 0x7f || strchr("\"'<>\\`", c) != NULL)
			return false;
	}
	return value.n > 0 && value.n <= 6 * MARKDOWN_URL_MAX;
}

static bool is_web(struct str value)
{
	return is_url(value) &&
	       (starts_with(value, "http://") || starts_with(value, "https://") || starts_with(value, "mailto:"));
}

static bool is_channel(struct str value)
{
	struct str place, rest = behind(value, "/channels/"), id;
	return is_url(value) && str_cut(rest, '/', &place, &id) && place.n > 0 && is_number(id);
}

static bool has_form(struct str value, const struct rule *rule)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	switch (rule->form) {
	case EXACT:
		return str_eq_text(value, rule->exact);
	case NUMBER:
		return is_number(value);
	case WORD:
		return value.n == 1 && is_made_of(value, "tTdDfFR");
	case CLASS:
		return is_made_of(behind(value, "language-"), "abcdefghijklmnopqrstuvwxyz0123456789+#-_.");
	case WEB:
		return is_web(value) || is_channel(value);
	case ANY_URL:
		return is_web(value);
	case TIME:
		return is_made_of(value, "0123456789-:.T+") && value.n == strlen("2026-01-02T03:04:05.000000+00:00");
	case EMOJI:
		return value.n > strlen("/emojis/.webp") && starts_with(value, "/emojis/") &&
		       is_number((struct str){value.p + 8, value.n - 8 - strlen(".webp")});
	case SHORTCODE:
		return value.n > 2 && value.p[0] == ':' && value.p[value.n - 1] == ':' &&
		       is_made_of((struct str){value.p + 1, value.n - 2}, letters);
	default:
		return false;
	}
}

static void check_attribute(const char *element, const char *attribute, struct str value)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (strcmp(rules[i].element, element) == 0 && strcmp(rules[i].attribute, attribute) == 0) {
			ensure(has_form(value, &rules[i]));
			return;
		}
	}
	ensure(false);
}

static void read_name(struct reader *reader, char out[NAME_MAX_BYTES])
{
	size_t n = 0;
	while (reader->p < reader->end && ((*reader->p >= 'a' && *reader->p <= 'z') ||
					   (*reader->p >= '0' && *reader->p <= '9') || *reader->p == '-')) {
		ensure(n + 1 < NAME_MAX_BYTES);
		out[n++] = *reader->p++;
	}
	out[n] = '\0';
	ensure(n > 0);
}

static void note_open(struct reader *reader, const char *name)
{
	reader->links += strcmp(name, "a") == 0;
	reader->spoilers += strcmp(name, "label") == 0;
	ensure(reader->links <= 1 && reader->spoilers <= 1);
	if (is_one_of(name, voids))
		return;
	ensure(reader->depth < DEPTH_MAX);
	memcpy(reader->open[reader->depth++], name, NAME_MAX_BYTES);
}

static void note_close(struct reader *reader, const char *name)
{
	ensure(!is_one_of(name, voids) && reader->depth > 0 && strcmp(reader->open[--reader->depth], name) == 0);
	reader->links -= strcmp(name, "a") == 0;
	reader->spoilers -= strcmp(name, "label") == 0;
}

static void read_tag(struct reader *reader)
{
	char name[NAME_MAX_BYTES] = "", attribute[NAME_MAX_BYTES] = "";
	reader->p++;
	bool is_closing = *reader->p == '/';
	reader->p += is_closing;
	read_name(reader, name);
	ensure(is_one_of(name, elements));
	while (!is_closing && *reader->p == ' ') {
		reader->p++;
		read_name(reader, attribute);
		ensure(reader->p[0] == '=' && reader->p[1] == '"');
		reader->p += 2;
		const char *close = memchr(reader->p, '"', (size_t)(reader->end - reader->p));
		ensure(close != NULL);
		check_attribute(name, attribute, (struct str){reader->p, (size_t)(close - reader->p)});
		reader->p = close + 1;
	}
	ensure(*reader->p++ == '>');
	if (is_closing)
		note_close(reader, name);
	else
		note_open(reader, name);
}

/* Text is escaped: what is left are the five entities. */
static void read_text(struct reader *reader)
{
	static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
	unsigned char c = (unsigned char)*reader->p;
	ensure(c != '>' && c != '"' && c != '\'' && (c >= ' ' || c == '\n' || c == '\t') && c != 0x7f);
	for (size_t i = 0; c == '&' && i < sizeof(entities) / sizeof(entities[0]); i++) {
		if (starts_with((struct str){reader->p, (size_t)(reader->end - reader->p)}, entities[i])) {
			reader->p += strlen(entities[i]);
			return;
		}
	}
	ensure(c != '&');
	reader->p++;
}

static void check_html(struct str html)
{
	struct reader reader = {.p = html.p, .end = html.p + html.n};
	while (reader.p < reader.end) {
		if (*reader.p == '<')
			read_tag(&reader);
		else
			read_text(&reader);
	}
	ensure(reader.depth == 0);
}

static void check_links(struct arena *arena, struct str text)
{
	enum { LINKS_MAX = 5 };
	struct str links[LINKS_MAX];
	size_t count = markdown_links(arena, text, links, LINKS_MAX);
	ensure(count <= LINKS_MAX);
	for (size_t i = 0; i < count; i++)
		ensure(links[i].n <= MARKDOWN_URL_MAX &&
		       (starts_with(links[i], "http://") || starts_with(links[i], "https://")));
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n)
{
	const char *all = (const char *)bytes;
	const char *newline = n > 0 && all[0] == '{' ? memchr(all, '\n', n) : NULL;
	size_t data_n = newline != NULL ? (size_t)(newline - all) : 0;
	struct arena arena;
	struct view *data = NULL;
	log_open("fuzz_markdown", LOG_ERROR + 1);
	arena_init(&arena);
	if (data_n == 0 || view_parse_peer(&arena, all, data_n, &data) != ERR_OK)
		data_n = 0;
	struct str text = data_n > 0 ? (struct str){newline + 1, n - data_n - 1} : (struct str){n > 0 ? all : "", n};
	const struct markdown_names names = {.users = view_find(data, "users"),
					     .others = view_find(data, "others"),
					     .roles = view_find(data, "roles"),
					     .channels = view_find(data, "channels"),
					     .place = STR("100"),
					     .is_for_everyone = data_n > 0};
	struct buf *html = buf_in_arena(&arena);
	struct mentions *mentions = arena_alloc(&arena, sizeof(*mentions));
	buf_puts(html, "");
	markdown_to_html(&arena, text, &names, html);
	check_html((struct str){html->p, html->n});
	ensure(html->n <= MARKDOWN_HTML_MAX + 64 || html->n <= 6 * text.n + 16);
	check_links(&arena, text);
	(void)markdown_to_line(&arena, text, &names, 160);
	mentions_find(&arena, text, mentions);
	arena_free(&arena);
	return 0;
}
