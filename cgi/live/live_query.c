/* The parameters of a subscription. */
#include "live/live_query.h"

#include "base/id.h"
#include "http/form.h"

#include <string.h>

enum { TYPE_NAME_MAX = 64 };

/* Decimal digits only: no sign, no blank, no exponent. */
static bool is_digits(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	return n > 0;
}

/* A number from 0 to max; otherwise an error says what is wrong with it. */
static bool parse_number(const char *text, size_t n, int64_t max, const char *name, struct field_errors *errors,
			 int64_t *out)
{
	int64_t number = 0;
	if (!is_digits(text, n)) {
		field_errors_add(errors, name, "NUMBER_TYPE_COERCE", "This is not a whole number.");
		return false;
	}
	for (size_t i = 0; i < n && number <= max; i++)
		number = number * 10 + (text[i] - '0');
	if (number > max) {
		field_errors_add(errors, name, "NUMBER_TYPE_MAX", "This number is too large.");
		return false;
	}
	*out = number;
	return true;
}

static void parse_after(const char *text, size_t n, const char *name, struct live_query *out,
			struct field_errors *errors)
{
	out->has_after = parse_number(text, n, LIVE_QUERY_CURSOR_MAX, name, errors, &out->after);
}

static void parse_timeout(const char *text, struct live_query *out, struct field_errors *errors)
{
	int64_t seconds;
	if (parse_number(text, strlen(text), LIVE_QUERY_TIMEOUT_MAX_S, "timeout", errors, &seconds))
		out->timeout_ms = seconds * 1000;
}

static void parse_channel(const char *text, struct live_query *out, struct field_errors *errors)
{
	if (!id_parse(text, strlen(text), &out->channel_id))
		field_errors_add(errors, "channel", "NUMBER_TYPE_COERCE", "This is no id.");
}

static bool is_type_name(const char *text, size_t n)
{
	if (n == 0 || n > TYPE_NAME_MAX)
		return false;
	for (size_t i = 0; i < n; i++)
		if ((text[i] < 'A' || text[i] > 'Z') && text[i] != '_')
			return false;
	return true;
}

static bool is_type_list(const char *text)
{
	int count = 0;
	if (strlen(text) > LIVE_QUERY_TYPES_BYTES_MAX - 2)
		return false;
	for (const char *at = text;; at++) {
		size_t n = strcspn(at, ",");
		if (!is_type_name(at, n) || ++count > LIVE_QUERY_TYPES_MAX)
			return false;
		at += n;
		if (*at == '\0')
			return true;
	}
}

static void parse_types(struct arena *arena, const char *text, struct live_query *out, struct field_errors *errors)
{
	if (is_type_list(text))
		out->types = arena_printf(arena, ",%s,", text);
	else
		field_errors_add(errors, "types", "BASE_TYPE_CHOICES",
				 "These are no event types, separated by commas.");
}

enum err live_query_parse(struct arena *arena, struct str query, struct str last_event_id, struct live_query *out,
			  struct field_errors *errors)
{
	struct form *form = arena_alloc(arena, sizeof(*form));
	*out = (struct live_query){.timeout_ms = LIVE_QUERY_TIMEOUT_INITIAL_S * 1000};
	TRY(form_parse(arena, query, form));
	const char *after = form_find(form, "after");
	const char *timeout = form_find(form, "timeout");
	const char *channel = form_find(form, "channel");
	const char *types = form_find(form, "types");
	/* A browser whose last id is the empty string sends no header; an empty one says as little. */
	if (last_event_id.n > 0)
		parse_after(last_event_id.p, last_event_id.n, "Last-Event-ID", out, errors);
	else if (after != NULL)
		parse_after(after, strlen(after), "after", out, errors);
	out->resumes_stream = last_event_id.n > 0 && timeout == NULL;
	if (timeout != NULL)
		parse_timeout(timeout, out, errors);
	if (channel != NULL)
		parse_channel(channel, out, errors);
	if (types != NULL)
		parse_types(arena, types, out, errors);
	return errors->count == 0 ? ERR_OK : ERR_INVALID_FORM;
}

bool live_query_names_type(const char *types, const char *type)
{
	size_t n = strlen(type);
	for (const char *at = types; (at = strstr(at, type)) != NULL; at++)
		if (at > types && at[-1] == ',' && at[n] == ',')
			return true;
	return false;
}
