#include "text/html.h"

#include "base/clock.h"
#include "text/markdown.h"

#include <string.h>

static const char *const names[] = {
    [HTML_P] = "p",
    [HTML_STRONG] = "strong",
    [HTML_EM] = "em",
    [HTML_DEL] = "del",
    [HTML_CODE] = "code",
    [HTML_PRE] = "pre",
    [HTML_BLOCKQUOTE] = "blockquote",
    [HTML_UL] = "ul",
    [HTML_LI] = "li",
    [HTML_H3] = "h3",
    [HTML_H4] = "h4",
    [HTML_H5] = "h5",
    [HTML_H6] = "h6",
};
_Static_assert(sizeof(names) / sizeof(names[0]) == HTML_H6 + 1, "one name an element");

void html_open(struct buf *out, enum html_element element)
{
	buf_putc(out, '<');
	buf_puts(out, names[element]);
	buf_putc(out, '>');
}

void html_close(struct buf *out, enum html_element element)
{
	buf_puts(out, "</");
	buf_puts(out, names[element]);
	buf_putc(out, '>');
}

void html_break(struct buf *out)
{
	buf_puts(out, "<br>");
}

void html_rule(struct buf *out)
{
	buf_puts(out, "<hr>");
}

/* What a NUL or another control character would do in HTML is never what was meant. */
void html_byte(struct buf *out, char c)
{
	switch (c) {
	case '&':
		buf_puts(out, "&amp;");
		break;
	case '<':
		buf_puts(out, "&lt;");
		break;
	case '>':
		buf_puts(out, "&gt;");
		break;
	case '"':
		buf_puts(out, "&quot;");
		break;
	case '\'':
		buf_puts(out, "&#39;");
		break;
	default:
		if ((unsigned char)c >= ' ' ? c != 0x7f : c == '\n' || c == '\t')
			buf_putc(out, c);
		else
			buf_puts(out, "\xef\xbf\xbd");
	}
}

void html_text(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		html_byte(out, text.p[i]);
}

void html_ol_open(struct buf *out, unsigned start)
{
	if (start == 1)
		buf_puts(out, "<ol>");
	else
		buf_printf(out, "<ol start=\"%u\">", start);
}

void html_ol_close(struct buf *out)
{
	buf_puts(out, "</ol>");
}

void html_large_emoji_open(struct buf *out)
{
	buf_puts(out, "<p class=\"large-emoji\">");
}

static bool is_language(struct str language)
{
	enum { LANGUAGE_MAX = 32 };
	static const char others[] = "+#-_.";
	if (language.n == 0 || language.n > LANGUAGE_MAX)
		return false;
	for (size_t i = 0; i < language.n; i++) {
		char c = str_lower(language.p[i]);
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c != '\0' && strchr(others, c) != NULL)))
			return false;
	}
	return true;
}

void html_code_open(struct buf *out, struct str language)
{
	if (!is_language(language)) {
		buf_puts(out, "<pre><code>");
		return;
	}
	buf_puts(out, "<pre><code class=\"language-");
	for (size_t i = 0; i < language.n; i++)
		buf_putc(out, str_lower(language.p[i]));
	buf_puts(out, "\">");
}

void html_code_close(struct buf *out)
{
	buf_puts(out, "</code></pre>");
}

static bool begins_with(struct str text, struct str prefix)
{
	return text.n > prefix.n && str_eq_nocase((struct str){text.p, prefix.n}, prefix);
}

bool html_url_is_safe(struct str url)
{
	return url.n <= MARKDOWN_URL_MAX && (begins_with(url, STR("https://")) || begins_with(url, STR("http://")) ||
					     begins_with(url, STR("mailto:")));
}

/* What a browser would drop or misread in an address is written as %XX. */
static void put_url(struct buf *out, struct str url)
{
	for (size_t i = 0; i < url.n; i++) {
		unsigned char c = (unsigned char)url.p[i];
		if (c <= ' ' || c == 0x7f || strchr("\"<>\\^`{|}'", c) != NULL)
			buf_printf(out, "%%%02X", c);
		else
			html_byte(out, url.p[i]);
	}
}

void html_link_open(struct buf *out, struct str url, bool has_title)
{
	buf_puts(out, "<a href=\"");
	put_url(out, url);
	if (has_title) {
		buf_puts(out, "\" title=\"");
		put_url(out, url);
	}
	buf_puts(out, "\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">");
}

void html_link_close(struct buf *out)
{
	buf_puts(out, "</a>");
}

void html_spoiler_open(struct buf *out)
{
	buf_puts(out, "<label class=\"spoiler\"><input type=\"checkbox\" aria-labelledby=\"word-spoiler\"><span>");
}

void html_spoiler_close(struct buf *out)
{
	buf_puts(out, "</span></label>");
}

void html_mention(struct buf *out, enum html_mention kind, int64_t id, bool is_mine, struct str shown)
{
	if (kind == HTML_MENTION_EVERYONE)
		buf_puts(out, "<span class=\"mention\" data-everyone=\"\">");
	else
		buf_printf(out, "<span class=\"mention\" data-%s=\"%lld\"%s>",
			   kind == HTML_MENTION_USER ? "user" : "role", (long long)id, is_mine ? " data-me=\"\"" : "");
	html_text(out, shown);
	buf_puts(out, "</span>");
}

void html_channel(struct buf *out, struct str place, int64_t id, struct str shown)
{
	buf_printf(out, "<a class=\"mention\" data-channel=\"%lld\" href=\"/channels/", (long long)id);
	put_url(out, place);
	buf_printf(out, "/%lld\">", (long long)id);
	html_text(out, shown);
	buf_puts(out, "</a>");
}

void html_custom_emoji(struct buf *out, int64_t id, struct str name)
{
	buf_printf(out, "<img class=\"emoji\" src=\"/emojis/%lld.webp\" alt=\":", (long long)id);
	html_text(out, name);
	buf_puts(out, ":\" title=\":");
	html_text(out, name);
	buf_puts(out, ":\" width=\"22\" height=\"22\" loading=\"lazy\" decoding=\"async\">");
}

void html_moment(struct buf *out, int64_t seconds, char style)
{
	char iso[CLOCK_ISO8601_SIZE];
	clock_iso8601(seconds * 1000, iso);
	buf_printf(out, "<time class=\"moment\" datetime=\"%s\" data-style=\"%c\">%.10s %.5s UTC</time>", iso, style,
		   iso, iso + sizeof("2026-01-02T") - 1);
}
