/* The head of an HTTP/1 request, strictly: see request_head.h. Called by snug-live for each request on a connection.
 *
 * Invariant of the scan: the bytes before scan->looked hold no NUL, no bare CR or LF and no blank line, and looked
 * never stands between a CR and its LF. */
#include "http/request_head.h"

#include "http/chars.h"

#include <string.h>

/* Headers that mean one thing. A second one is how a request is made to mean different things to two readers. */
static const char *const single_headers[] = {
    "host",   "authorization", "content-length", "transfer-encoding", "content-type", "cookie",
    "origin", "last-event-id", "user-agent",     "sec-fetch-site",    "upgrade",      "sec-websocket-key",
};

static bool is_name(struct str s, const char *name)
{
	return str_eq_nocase(s, str_from(name));
}

enum err request_head_find(struct request_head_scan *scan, const char *p, size_t n, size_t *length)
{
	size_t i = scan->looked;

	*length = 0;
	while (i < n && i < REQUEST_HEAD_BYTES_MAX) {
		if (p[i] == '\0' || p[i] == '\n')
			return ERR_BAD_REQUEST;
		if (p[i] != '\r') {
			i++;
			continue;
		}
		if (i + 1 == n)
			break; /* its LF is still on the way */
		if (p[i + 1] != '\n' || i == 0)
			return ERR_BAD_REQUEST;
		i += 2;
		if (i >= 4 && p[i - 4] == '\r') {
			*length = i;
			return i <= REQUEST_HEAD_BYTES_MAX ? ERR_OK : ERR_HEADERS_TOO_LARGE;
		}
	}
	scan->looked = i;
	return i < REQUEST_HEAD_BYTES_MAX ? ERR_OK : ERR_HEADERS_TOO_LARGE;
}

/* Takes the next line, without its CRLF, off the text. */
static bool line_take(struct str *text, struct str *line)
{
	const char *end = memchr(text->p, '\n', text->n);
	size_t n;

	if (end == NULL || end == text->p || end[-1] != '\r')
		return false;
	n = (size_t)(end - text->p) + 1;
	*line = (struct str){text->p, n - 2};
	text->p += n;
	text->n -= n;
	return memchr(line->p, '\r', line->n) == NULL && memchr(line->p, '\0', line->n) == NULL;
}

static bool target_is_path(struct str target)
{
	if (target.n == 0 || target.p[0] != '/')
		return false;
	for (size_t i = 0; i < target.n; i++) {
		if (target.p[i] <= ' ' || target.p[i] > '~' || target.p[i] == '#')
			return false;
	}
	return true;
}

/* "GET /path?query HTTP/1.1" */
static enum err request_line_parse(struct str line, struct request_head *out)
{
	struct str rest, version;

	if (!str_cut(line, ' ', &out->method, &rest) || !str_cut(rest, ' ', &out->target, &version))
		return ERR_BAD_REQUEST;
	if (out->method.n == 0 || out->method.n > REQUEST_METHOD_MAX)
		return ERR_BAD_REQUEST;
	for (size_t i = 0; i < out->method.n; i++) {
		if (out->method.p[i] < 'A' || out->method.p[i] > 'Z')
			return ERR_BAD_REQUEST;
	}
	if (!str_eq(version, STR("HTTP/1.0")) && !str_eq(version, STR("HTTP/1.1")))
		return ERR_BAD_REQUEST;
	out->minor_version = version.p[7] - '0';
	if (out->target.n > REQUEST_TARGET_MAX)
		return ERR_HEADERS_TOO_LARGE;
	if (!target_is_path(out->target))
		return ERR_BAD_REQUEST;
	str_cut(out->target, '?', &out->path, &out->query);
	return ERR_OK;
}

/* "Name: value". A folded line starts with a blank, which no name does. */
static enum err header_parse(struct str line, struct request_header *out)
{
	struct str value;

	if (!str_cut(line, ':', &out->name, &value) || out->name.n == 0)
		return ERR_BAD_REQUEST;
	for (size_t i = 0; i < out->name.n; i++) {
		if (!chars_is_token(out->name.p[i]))
			return ERR_BAD_REQUEST;
	}
	for (size_t i = 0; i < value.n; i++) {
		if (chars_is_control(value.p[i]) && value.p[i] != '\t')
			return ERR_BAD_REQUEST;
	}
	out->value = str_trim(value);
	return ERR_OK;
}

static bool has_repeated_single(const struct request_head *head)
{
	for (size_t i = 0; i < sizeof(single_headers) / sizeof(single_headers[0]); i++) {
		int count = 0;

		for (size_t j = 0; j < head->header_count; j++)
			count += is_name(head->headers[j].name, single_headers[i]);
		if (count > 1)
			return true;
	}
	return false;
}

static enum err content_length_parse(struct str value, uint64_t *out)
{
	uint64_t length = 0;

	if (value.n == 0 || value.n > 15) /* 15 digits cannot overflow, and nobody sends a petabyte */
		return ERR_BAD_REQUEST;
	for (size_t i = 0; i < value.n; i++) {
		if (!chars_is_digit(value.p[i]))
			return ERR_BAD_REQUEST;
		length = length * 10 + (uint64_t)(value.p[i] - '0');
	}
	*out = length;
	return ERR_OK;
}

/* Whether the comma-separated Connection header names the option. */
static bool connection_names(struct str value, const char *option)
{
	struct str item;

	while (value.n > 0) {
		struct str rest;

		str_cut(value, ',', &item, &rest);
		if (is_name(str_trim(item), option))
			return true;
		value = rest;
	}
	return false;
}

enum err request_head_parse(const char *p, size_t n, struct request_head *out)
{
	struct str text = {p, n}, line, value;

	memset(out, 0, sizeof(*out));
	if (!line_take(&text, &line))
		return ERR_BAD_REQUEST;
	TRY(request_line_parse(line, out));
	for (;;) {
		if (!line_take(&text, &line))
			return ERR_BAD_REQUEST;
		if (line.n == 0)
			break;
		if (out->header_count == REQUEST_HEADERS_MAX)
			return ERR_HEADERS_TOO_LARGE;
		TRY(header_parse(line, &out->headers[out->header_count]));
		out->header_count++;
	}
	if (text.n != 0 || has_repeated_single(out))
		return ERR_BAD_REQUEST;
	if (request_head_header(out, "transfer-encoding").p != NULL)
		return ERR_BAD_REQUEST;
	if (out->minor_version == 1 && request_head_header(out, "host").n == 0)
		return ERR_BAD_REQUEST;
	value = request_head_header(out, "content-length");
	if (value.p != NULL)
		TRY(content_length_parse(value, &out->content_length));
	value = request_head_header(out, "connection");
	out->keep_alive =
	    out->minor_version == 1 ? !connection_names(value, "close") : connection_names(value, "keep-alive");
	return ERR_OK;
}

struct str request_head_header(const struct request_head *head, const char *name)
{
	for (size_t i = 0; i < head->header_count; i++) {
		if (is_name(head->headers[i].name, name))
			return head->headers[i].value;
	}
	return (struct str){NULL, 0};
}
