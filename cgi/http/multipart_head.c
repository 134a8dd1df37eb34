/* The headers of one part of a form: see multipart_internal.h. Content-Disposition says the name of the field and of
 * the file (RFC 7578 section 4.2), Content-Type what the file is said to be; all others are ignored. Texts are undone
 * of their quoting where they stand. */
#include "http/multipart_internal.h"

#include "base/utf8.h"
#include "http/chars.h"

#include <string.h>

/* A text that is read from its beginning and may be changed behind the reader. */
struct cursor {
	char *p, *end;
};

static bool has_control(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (chars_is_control(p[i]))
			return true;
	}
	return false;
}

static void blanks_skip(struct cursor *at)
{
	while (at->p < at->end && *at->p == ' ')
		at->p++;
}

/* Takes a quoted text. \" and \\ stand for the second character, as curl writes them; any other backslash is one, as in
 * the paths that old browsers send. */
static bool quoted_take(struct cursor *at, char **value)
{
	char *out = ++at->p;

	*value = out;
	for (; at->p < at->end && *at->p != '"'; at->p++) {
		if (*at->p == '\\' && at->p + 1 < at->end && (at->p[1] == '"' || at->p[1] == '\\'))
			at->p++;
		*out++ = *at->p;
	}
	if (at->p == at->end)
		return false;
	at->p++;
	*out = '\0';
	blanks_skip(at);
	if (at->p < at->end && *at->p != ';')
		return false;
	at->p += at->p < at->end;
	return true;
}

/* Takes what stands before the next ';', without blanks at its end. */
static void plain_take(struct cursor *at, char **value)
{
	char *semicolon = memchr(at->p, ';', (size_t)(at->end - at->p));
	char *end = semicolon != NULL ? semicolon : at->end;

	*value = at->p;
	at->p = semicolon != NULL ? semicolon + 1 : at->end;
	while (end > *value && end[-1] == ' ')
		end--;
	*end = '\0'; /* on the ';', a blank, or what ended the line */
}

/* Takes `name=value` with the ';' behind it. */
static bool parameter_take(struct cursor *at, struct str *name, char **value)
{
	char *equals = memchr(at->p, '=', (size_t)(at->end - at->p));

	if (equals == NULL)
		return false;
	*name = str_trim((struct str){at->p, (size_t)(equals - at->p)});
	for (size_t i = 0; i < name->n; i++) {
		if (!chars_is_token(name->p[i]))
			return false;
	}
	at->p = equals + 1;
	blanks_skip(at);
	if (at->p < at->end && *at->p == '"')
		return name->n > 0 && quoted_take(at, value);
	plain_take(at, value);
	return name->n > 0;
}

/* RFC 8187: UTF-8'language'percent-encoded. RFC 7578 says that forms have none, and libraries send it all the same. */
static bool extended_undo(char *value, char **out)
{
	char *language = strchr(value, '\''), *text = language != NULL ? strchr(language + 1, '\'') : NULL;
	char *to;

	if (text == NULL || !str_eq_nocase((struct str){value, (size_t)(language - value)}, STR("utf-8")))
		return false;
	*out = to = ++text;
	while (*text != '\0') {
		char c = *text++;

		if (c == '%') {
			int high = chars_hex(text[0]), low = high >= 0 ? chars_hex(text[1]) : -1;

			if (low < 0)
				return false;
			c = (char)(high * 16 + low);
			text += 2;
			if (c == '\0')
				return false;
		}
		*to++ = c;
	}
	*to = '\0';
	return true;
}

/* The name without the folders that some browsers put before it: never a path on this machine. */
static const char *last_component(const char *file_name)
{
	const char *last = file_name;

	for (const char *c = file_name; *c != '\0'; c++) {
		if (*c == '/' || *c == '\\')
			last = c + 1;
	}
	return last;
}

static bool is_text(const char *text, size_t max)
{
	size_t n = strlen(text);
	return n <= max && utf8_is_valid(text, n) && !has_control(text, n);
}

static bool disposition_read(struct cursor at, struct multipart_part *part)
{
	struct str name;
	char *value, *file_name = NULL, *extended = NULL;

	plain_take(&at, &value);
	if (part->name != NULL || !str_eq_nocase(str_from(value), STR("form-data")))
		return false;
	for (blanks_skip(&at); at.p < at.end; blanks_skip(&at)) {
		if (!parameter_take(&at, &name, &value))
			return false;
		if (str_eq_nocase(name, STR("name"))) {
			if (part->name != NULL)
				return false;
			part->name = value;
		} else if (str_eq_nocase(name, STR("filename"))) {
			if (file_name != NULL)
				return false;
			file_name = value;
		} else if (str_eq_nocase(name, STR("filename*"))) {
			if (extended != NULL || !extended_undo(value, &extended))
				return false;
		}
	}
	if (part->name == NULL || part->name[0] == '\0' || !is_text(part->name, MULTIPART_NAME_MAX))
		return false;
	if (extended != NULL)
		file_name = extended;
	if (file_name == NULL)
		return true;
	part->file_name = last_component(file_name);
	return is_text(part->file_name, MULTIPART_FILE_NAME_MAX);
}

/* One line without its CRLF. */
static bool line_read(struct cursor at, struct multipart_part *part)
{
	char *colon = memchr(at.p, ':', (size_t)(at.end - at.p));
	struct str name;

	if (colon == NULL || colon == at.p || has_control(at.p, (size_t)(at.end - at.p)))
		return false;
	name = (struct str){at.p, (size_t)(colon - at.p)};
	for (size_t i = 0; i < name.n; i++) {
		if (!chars_is_token(name.p[i]))
			return false; /* a line that goes on from the one before begins with a blank, so it ends here
					 too */
	}
	at.p = colon + 1;
	blanks_skip(&at);
	if (str_eq_nocase(name, STR("content-disposition")))
		return disposition_read(at, part);
	if (str_eq_nocase(name, STR("content-type"))) {
		*at.end = '\0';
		part->content_type = at.p;
		return utf8_is_valid(at.p, strlen(at.p));
	}
	if (str_eq_nocase(name, STR("content-transfer-encoding"))) {
		struct str value = str_trim((struct str){at.p, (size_t)(at.end - at.p)});

		/* Anything else would have to be undone, and RFC 7578 has deprecated it. */
		return str_eq_nocase(value, STR("binary")) || str_eq_nocase(value, STR("8bit")) ||
		       str_eq_nocase(value, STR("7bit"));
	}
	return true;
}

bool multipart_head_read(char *head, size_t n, struct multipart_part *part)
{
	struct cursor rest = {head, head + n};

	*part = (struct multipart_part){.content_type = ""};
	while (rest.p < rest.end) {
		char *end = memchr(rest.p, '\r', (size_t)(rest.end - rest.p));

		/* CRLF ends every line, and a CR elsewhere ends none. */
		if (end == NULL || end + 1 >= rest.end || end[1] != '\n')
			return false;
		if (!line_read((struct cursor){rest.p, end}, part))
			return false;
		rest.p = end + 2;
	}
	return part->name != NULL;
}
