#include "base/config.h"

#include "base/ensure.h"
#include "base/str.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* What the column "max or choices" means for each type: the initialisers of max and of choices. */
#define LIMIT_TEXT(limit) .max = (limit)
#define LIMIT_SECRET(limit) .max = (limit)
#define LIMIT_INT(limit) .max = (limit)
#define LIMIT_FLAG(limit) .max = (limit)
#define LIMIT_CHOICE(limit) .choices = (limit)
#define LIMIT_RATE(limit) .max = (limit)

static const struct config_row rows[CONFIG_COUNT] = {
#define CONFIG(key_upper, key_lower, type_, initial_, min_, limit, help_)                                              \
	{.name = #key_lower,                                                                                           \
	 .type = CONFIG_TYPE_##type_,                                                                                  \
	 .initial = (initial_),                                                                                        \
	 .min = (min_),                                                                                                \
	 LIMIT_##type_(limit),                                                                                         \
	 .help = (help_)},
#include "base/config.def"
#undef CONFIG
};

const struct config_row *config_row(enum config_key key)
{
	ensure((unsigned)key < CONFIG_COUNT);
	return &rows[key];
}

void config_init(struct config *config)
{
	for (unsigned i = 0; i < CONFIG_COUNT; i++)
		config->values[i] = ensure_strdup(rows[i].initial);
}

void config_free(struct config *config)
{
	for (unsigned i = 0; i < CONFIG_COUNT; i++) {
		free(config->values[i]);
		config->values[i] = NULL;
	}
}

static bool key_find(struct str name, enum config_key *key)
{
	for (unsigned i = 0; i < CONFIG_COUNT; i++) {
		if (str_eq_text(name, rows[i].name)) {
			*key = (enum config_key)i;
			return true;
		}
	}
	return false;
}

/* Decimal digits only: a value such as "1e3" or "0x10" is a slip, not a number. */
static bool int_parse(const char *text, int64_t *out)
{
	int64_t value = 0;

	if (!text[0])
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, *text - '0', &value))
			return false;
	}
	*out = value;
	return true;
}

static bool is_choice(const char *choices, struct str value)
{
	struct str choice, rest = str_from(choices);
	bool is_more;

	do {
		is_more = str_cut(rest, '|', &choice, &rest);
		if (str_eq(choice, value))
			return true;
	} while (is_more);
	return false;
}

static const char *flag_normalized(const char *value)
{
	static const char *const pairs[][2] = {{"on", "off"}, {"true", "false"}, {"1", "0"}};

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		if (strcmp(value, pairs[i][0]) == 0)
			return "on";
		if (strcmp(value, pairs[i][1]) == 0)
			return "off";
	}
	return NULL;
}

/* NULL when value may stand for the row, else what is wrong with it. */
static const char *text_fault(const struct config_row *row, const char *value)
{
	size_t n = strlen(value);

	if ((int64_t)n < row->min)
		return "is too short";
	if ((int64_t)n > row->max)
		return "is too long";
	if (!utf8_is_valid(value, n) || utf8_has_control(value, n, false))
		return "holds a character that is not allowed";
	return NULL;
}

static const char *int_fault(const struct config_row *row, const char *value)
{
	int64_t number;

	if (!int_parse(value, &number))
		return "is not a whole number";
	if (number < row->min)
		return "is below the least allowed";
	if (number > row->max)
		return "is above the most allowed";
	return NULL;
}

static const char *rate_fault(const char *value)
{
	struct gcra_rate rate;

	return gcra_rate_parse(value, &rate);
}

static const char *fault_of(const struct config_row *row, const char *value)
{
	switch (row->type) {
	case CONFIG_TYPE_TEXT:
	case CONFIG_TYPE_SECRET:
		return text_fault(row, value);
	case CONFIG_TYPE_INT:
		return int_fault(row, value);
	case CONFIG_TYPE_FLAG:
		return flag_normalized(value) ? NULL : "is neither on nor off";
	case CONFIG_TYPE_RATE:
		return rate_fault(value);
	case CONFIG_TYPE_CHOICE:
		return is_choice(row->choices, str_from(value)) ? NULL : "is none of the choices";
	}
	ensure_failed("a known config_type", __FILE__, __LINE__);
}

enum err config_set(struct config *config, enum config_key key, const char *value, const char **why)
{
	const struct config_row *row = config_row(key);
	char *copy;

	*why = fault_of(row, value);
	if (*why)
		return ERR_INVALID_FORM;
	copy = ensure_strdup(row->type == CONFIG_TYPE_FLAG ? flag_normalized(value) : value);
	free(config->values[key]);
	config->values[key] = copy;
	return ERR_OK;
}

/* One line without its newline; seen holds for each key whether a line before had it. */
static enum err line_parse(struct config *config, struct str line, bool seen[CONFIG_COUNT], const char **why)
{
	enum config_key key;
	struct str name, value;
	char *text;
	enum err e;

	if (line.n > 0 && memchr(line.p, 0, line.n)) {
		*why = "holds a NUL byte";
		return ERR_INVALID_FORM;
	}
	line = str_trim(line);
	if (line.n == 0 || line.p[0] == '#')
		return ERR_OK;
	if (!str_cut(line, '=', &name, &value)) {
		*why = "is not of the form key = value";
		return ERR_INVALID_FORM;
	}
	if (!key_find(str_trim(name), &key)) {
		*why = "names a key that does not exist";
		return ERR_INVALID_FORM;
	}
	if (seen[key]) {
		*why = "sets a key a second time";
		return ERR_INVALID_FORM;
	}
	seen[key] = true;
	value = str_trim(value);
	text = strndup(value.p, value.n);
	ensure(text != NULL);
	e = config_set(config, key, text, why);
	free(text);
	return e;
}

enum err config_parse(struct config *config, const char *text, size_t n, int *line, const char **why)
{
	struct str current, rest = {text, n};
	bool seen[CONFIG_COUNT] = {false};
	bool is_more;

	*line = 0;
	*why = NULL;
	do {
		++*line;
		is_more = str_cut(rest, '\n', &current, &rest);
		TRY(line_parse(config, current, seen, why));
	} while (is_more);
	return ERR_OK;
}

/* Whether a variable's name (SNUG_PUBLIC_URL) is that of the key (public_url). */
static bool is_variable_of(struct str name, const char *key)
{
	size_t prefix = sizeof "SNUG_" - 1;

	if (name.n <= prefix || memcmp(name.p, "SNUG_", prefix) != 0 || name.n - prefix != strlen(key))
		return false;
	for (size_t i = 0; key[i]; i++) {
		char upper = key[i] >= 'a' && key[i] <= 'z' ? (char)(key[i] - 'a' + 'A') : key[i];

		if (name.p[prefix + i] != upper)
			return false;
	}
	return true;
}

enum err config_from_environment(struct config *config, char *const environment[], const char **key, const char **why)
{
	*key = NULL;
	*why = NULL;
	for (; *environment; environment++) {
		struct str name, value;

		if (!str_cut(str_from(*environment), '=', &name, &value))
			continue;
		for (unsigned i = 0; i < CONFIG_COUNT; i++) {
			if (!is_variable_of(name, rows[i].name))
				continue;
			*key = rows[i].name;
			TRY(config_set(config, (enum config_key)i, value.p, why));
		}
	}
	*key = NULL;
	return ERR_OK;
}

const char *config_text(const struct config *config, enum config_key key)
{
	ensure((unsigned)key < CONFIG_COUNT && config->values[key]);
	return config->values[key];
}

int64_t config_int(const struct config *config, enum config_key key)
{
	int64_t number = 0;

	ensure(config_row(key)->type == CONFIG_TYPE_INT && int_parse(config_text(config, key), &number));
	return number;
}

bool config_flag(const struct config *config, enum config_key key)
{
	ensure(config_row(key)->type == CONFIG_TYPE_FLAG);
	return strcmp(config_text(config, key), "on") == 0;
}

struct gcra_rate config_rate(const struct config *config, enum config_key key)
{
	struct gcra_rate rate;

	ensure(config_row(key)->type == CONFIG_TYPE_RATE && gcra_rate_parse(config_text(config, key), &rate) == NULL);
	return rate;
}
