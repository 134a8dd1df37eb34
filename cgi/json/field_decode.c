/* One decoder a field type, found by table. Each gets the value as JSON has it and writes into the struct, or reports
 * one error. */
#include "json/field_decode.h"

#include "base/ensure.h"
#include "base/id.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

/* What a decoder works on: one row, its value, where the result goes and where errors go. */
struct cell {
	struct arena *arena;
	const struct field *field;
	const struct view *value;
	bool is_form;
	void *out;
	struct field_errors *errors;
};

static bool reject(const struct cell *cell, const char *code, const char *message)
{
	field_errors_add(cell->errors, cell->field->name, code, message);
	return false;
}

static bool reject_range(const struct cell *cell, const char *code, const char *what, int64_t limit)
{
	char message[sizeof cell->errors->list[0].message];

	snprintf(message, sizeof message, "Must be %lld or %s.", (long long)limit, what);
	return reject(cell, code, message);
}

/* Line ends of forms (CRLF, by the HTML standard) and of old systems (CR) become LF. Returns text itself when it has
 * none. */
static struct str with_plain_newlines(struct arena *arena, struct str text)
{
	char *copy;
	size_t n = 0;

	if (text.n == 0 || !memchr(text.p, '\r', text.n))
		return text;
	copy = arena_strndup(arena, text.p, text.n);
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\r' && i + 1 < text.n && text.p[i + 1] == '\n')
			continue;
		copy[n++] = text.p[i] == '\r' ? '\n' : text.p[i];
	}
	copy[n] = 0;
	return (struct str){copy, n};
}

static const char *lowered(struct arena *arena, struct str text)
{
	char *copy = arena_strndup(arena, text.p, text.n);

	for (size_t i = 0; i < text.n; i++)
		copy[i] = str_lower(copy[i]);
	return copy;
}

static bool is_length_allowed(const struct cell *cell, struct str text)
{
	int64_t most = cell->field->max ? cell->field->max : FIELD_TEXT_MAX;
	int64_t length = (int64_t)utf8_count(text.p, text.n);
	char message[sizeof cell->errors->list[0].message];

	if (length == 0 && cell->field->min > 0 && cell->field->flags & FIELD_REQUIRED)
		return reject(cell, "BASE_TYPE_REQUIRED", "This field is required");
	if (length >= cell->field->min && length <= most)
		return true;
	if (cell->field->min == 0)
		snprintf(message, sizeof message, "Must be %lld or fewer in length.", (long long)most);
	else
		snprintf(message, sizeof message, "Must be between %lld and %lld in length.",
			 (long long)cell->field->min, (long long)most);
	return reject(cell, cell->field->min == 0 ? "BASE_TYPE_MAX_LENGTH" : "BASE_TYPE_BAD_LENGTH", message);
}

static bool decode_text(const struct cell *cell)
{
	unsigned flags = cell->field->flags;
	struct str whole, text;

	if (cell->value->type != VIEW_TEXT)
		return reject(cell, "STRING_TYPE_CONVERT", "Must be a string.");
	whole = cell->value->text;
	if (!utf8_is_valid(whole.p, whole.n))
		return reject(cell, "STRING_TYPE_UTF8", "Must be valid UTF-8.");
	text = flags & FIELD_MULTILINE ? with_plain_newlines(cell->arena, whole) : whole;
	if (flags & FIELD_TRIM)
		utf8_trim(&text.p, &text.n);
	if (utf8_has_control(text.p, text.n, flags & FIELD_MULTILINE))
		return reject(cell, "STRING_TYPE_CONTROL", "Must not hold control characters.");
	if (!is_length_allowed(cell, text))
		return false;
	*(const char **)cell->out =
	    flags & FIELD_LOWER ? lowered(cell->arena, text) : arena_strndup(cell->arena, text.p, text.n);
	return true;
}

static bool decode_id(const struct cell *cell)
{
	int64_t *id = cell->out;

	if (view_to_int(cell->value, id) && *id > 0)
		return true;
	if (cell->value->type == VIEW_TEXT && id_parse(cell->value->text.p, cell->value->text.n, id))
		return true;
	*id = 0;
	return reject(cell, "NUMBER_TYPE_COERCE", "Value is not a snowflake.");
}

/* An optional minus and digits, all of text and within int64_t. */
static bool int_parse(struct str text, int64_t *out)
{
	bool is_negative = text.n > 0 && text.p[0] == '-';
	int64_t value = 0;

	if (text.n == is_negative)
		return false;
	for (size_t i = is_negative; i < text.n; i++) {
		int digit = text.p[i] - '0';

		if (digit < 0 || digit > 9 || __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, is_negative ? -digit : digit, &value))
			return false;
	}
	*out = value;
	return true;
}

static bool decode_int(const struct cell *cell)
{
	const struct field *field = cell->field;
	bool is_bounded = field->min != 0 || field->max != 0;
	int64_t value;

	if (!view_to_int(cell->value, &value) &&
	    !(cell->is_form && cell->value->type == VIEW_TEXT && int_parse(cell->value->text, &value)))
		return reject(cell, "NUMBER_TYPE_COERCE", "Value is not an integer.");
	if (is_bounded && value < field->min)
		return reject_range(cell, "NUMBER_TYPE_MIN", "more", field->min);
	if (field->max != 0 && value > field->max)
		return reject_range(cell, "NUMBER_TYPE_MAX", "less", field->max);
	*(int64_t *)cell->out = value;
	return true;
}

/* Forms and query strings say it in many ways; Python's libraries write True and False. */
static bool flag_parse(struct str text, bool *out)
{
	static const struct {
		struct str word;
		bool value;
	} words[] = {
	    {{"true", 4}, true},   {{"on", 2}, true},   {{"1", 1}, true},
	    {{"false", 5}, false}, {{"off", 3}, false}, {{"0", 1}, false},
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (str_eq_nocase(text, words[i].word)) {
			*out = words[i].value;
			return true;
		}
	}
	return false;
}

static bool decode_flag(const struct cell *cell)
{
	bool *flag = cell->out;

	if (cell->value->type == VIEW_TRUE || cell->value->type == VIEW_FALSE) {
		*flag = cell->value->type == VIEW_TRUE;
		return true;
	}
	if (cell->is_form && cell->value->type == VIEW_TEXT && flag_parse(cell->value->text, flag))
		return true;
	return reject(cell, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
}

static bool decode_nonce(const struct cell *cell)
{
	int64_t number;

	if (!view_to_int(cell->value, &number))
		return decode_text(cell);
	*(const char **)cell->out = arena_printf(cell->arena, "%lld", (long long)number);
	return true;
}

/* Decimal digits, all of text and within uint64_t. */
static bool bits_parse(struct str text, uint64_t *out)
{
	uint64_t value = 0;

	if (text.n == 0)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9' || __builtin_mul_overflow(value, 10u, &value) ||
		    __builtin_add_overflow(value, (unsigned)(text.p[i] - '0'), &value))
			return false;
	}
	*out = value;
	return true;
}

static bool decode_bits(const struct cell *cell)
{
	uint64_t *bits = cell->out;
	int64_t number;

	if (view_to_int(cell->value, &number) && number >= 0) {
		*bits = (uint64_t)number;
		return true;
	}
	if (cell->value->type == VIEW_TEXT && bits_parse(cell->value->text, bits))
		return true;
	return reject(cell, "NUMBER_TYPE_COERCE", "Value is not a set of bits.");
}

static bool decode_json(const struct cell *cell)
{
	*(json_t **)cell->out = json_from_view(cell->arena, cell->value);
	return true;
}

static const struct {
	bool (*decode)(const struct cell *cell);
	size_t size_bytes;
} types[] = {
    [FIELD_TEXT] = {decode_text, sizeof(const char *)},   [FIELD_ID] = {decode_id, sizeof(int64_t)},
    [FIELD_INT] = {decode_int, sizeof(int64_t)},          [FIELD_FLAG] = {decode_flag, sizeof(bool)},
    [FIELD_NONCE] = {decode_nonce, sizeof(const char *)}, [FIELD_BITS] = {decode_bits, sizeof(uint64_t)},
    [FIELD_JSON] = {decode_json, sizeof(json_t *)},
};

static const struct view *value_of(const struct view *object, const struct field *field)
{
	const struct view *value = view_find(object, field->name);

	return value || !field->alias ? value : view_find(object, field->alias);
}

/* Whether an empty string stands for "not given". An HTML form always sends every field, and for a number that is all
 * an empty one can mean; an empty nonce would make one message of all that carry it. */
static bool is_blank(const struct cell *cell)
{
	bool is_empty = cell->value->type == VIEW_TEXT && cell->value->text.n == 0;

	switch (cell->field->type) {
	case FIELD_NONCE:
		return is_empty;
	case FIELD_ID:
	case FIELD_INT:
	case FIELD_FLAG:
	case FIELD_BITS:
		return is_empty && cell->is_form;
	default:
		return false;
	}
}

/* One row: absent, null, or decoded. bit is the row's in the set. */
static void decode_field(const struct cell *cell, uint64_t bit, struct field_set *set)
{
	bool is_null = cell->value && cell->value->type == VIEW_NULL;

	if (is_null)
		set->nulled |= bit;
	if (!cell->value || is_null || is_blank(cell)) {
		if (cell->field->flags & FIELD_REQUIRED)
			reject(cell, "BASE_TYPE_REQUIRED", "This field is required");
	} else if (types[cell->field->type].decode(cell)) {
		set->given |= bit;
	}
}

enum err field_decode(struct arena *arena, const struct field *table, const struct view *object, bool is_form,
		      void *input, struct field_errors *errors)
{
	struct field_set *set = input;
	struct cell cell = {.arena = arena, .is_form = is_form, .errors = errors};

	errors->count = 0;
	*set = (struct field_set){0};
	for (size_t i = 0; table[i].type != FIELD_END; i++) {
		ensure(i < FIELD_TABLE_MAX && table[i].type <= FIELD_JSON && table[i].offset >= sizeof *set);
		cell.field = &table[i];
		cell.value = value_of(object, cell.field);
		cell.out = (char *)input + table[i].offset;
		memset(cell.out, 0, types[table[i].type].size_bytes);
		if (view_is_object(object))
			decode_field(&cell, UINT64_C(1) << i, set);
	}
	if (!view_is_object(object))
		field_errors_add(errors, "", "DICT_TYPE_CONVERT", "Only an object can be taken here.");
	return errors->count > 0 ? ERR_INVALID_FORM : ERR_OK;
}

/* Names may be paths, "embeds.0.title": each step is an object in the one before. What stands below path in the name of
 * a field; false when it is about something else. rest is empty when it is about path itself. */
static bool is_below(const char *field, struct str path, struct str *rest)
{
	*rest = (struct str){field, strlen(field)};
	if (path.n == 0)
		return true;
	if (rest->n < path.n || memcmp(field, path.p, path.n) != 0 || (field[path.n] != '.' && field[path.n] != '\0'))
		return false;
	size_t n = path.n + (field[path.n] == '.');
	*rest = (struct str){field + n, rest->n - n};
	return true;
}

static struct str first_step(struct str rest)
{
	struct str step, others;
	return str_cut(rest, '.', &step, &others) ? step : rest;
}

/* Whether an earlier error has the same first step below path. */
static bool was_step_before(const struct field_errors *errors, size_t at, struct str path, struct str step)
{
	struct str rest;

	for (size_t i = 0; i < at; i++) {
		if (is_below(errors->list[i].field, path, &rest) && str_eq(first_step(rest), step))
			return true;
	}
	return false;
}

/* Member _errors: everything that is wrong with one field. */
static void write_errors_of(struct jw *jw, const struct field_errors *errors, struct str path)
{
	struct str rest;

	jw_array(jw, "_errors");
	for (size_t i = 0; i < errors->count; i++) {
		if (!is_below(errors->list[i].field, path, &rest) || rest.n > 0)
			continue;
		jw_object(jw, NULL);
		jw_text(jw, "code", errors->list[i].code);
		jw_text(jw, "message", errors->list[i].message);
		jw_object_end(jw);
	}
	jw_array_end(jw);
}

/* Everything below a path; its depth is that of the names in the source. */
static void write_below(struct jw *jw, const struct field_errors *errors, struct str path)
{
	struct str rest;
	char key[64];

	for (size_t i = 0; i < errors->count; i++) {
		const char *field = errors->list[i].field;

		if (!is_below(field, path, &rest) || was_step_before(errors, i, path, first_step(rest)))
			continue;
		if (rest.n == 0) {
			write_errors_of(jw, errors, path);
			continue;
		}
		snprintf(key, sizeof key, "%.*s", (int)first_step(rest).n, rest.p);
		jw_object(jw, key);
		write_below(jw, errors, (struct str){field, (size_t)(rest.p - field) + first_step(rest).n});
		jw_object_end(jw);
	}
}

void field_errors_to_json(struct jw *jw, const char *key, const struct field_errors *errors)
{
	jw_object(jw, key);
	write_below(jw, errors, (struct str){"", 0});
	jw_object_end(jw);
}
