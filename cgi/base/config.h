/* Configuration: config.def is the one table of keys. snug run reads the file and the environment, checks everything,
 * and hands the result to the other programs as SNUG_<KEY> variables, so that they read only the environment. */
#ifndef SNUG_BASE_CONFIG_H
#define SNUG_BASE_CONFIG_H

#include "base/err.h"
#include "base/gcra.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum config_key {
#define CONFIG(name, key, type, initial, min, max, help) CONFIG_##name,
#include "base/config.def"
#undef CONFIG
	CONFIG_COUNT
};

/* A secret is a text that is shown nowhere and that only the program it is for gets. */
enum config_type {
	CONFIG_TYPE_TEXT,
	CONFIG_TYPE_INT,
	CONFIG_TYPE_FLAG,
	CONFIG_TYPE_CHOICE,
	CONFIG_TYPE_RATE,
	CONFIG_TYPE_SECRET
};

struct config_row {
	const char *name; /* lower case, as in the file */
	enum config_type type;
	const char *initial;
	int64_t min, max;    /* of an int; bytes of a text */
	const char *choices; /* "a|b|c" of a choice */
	const char *help;
};

struct config {
	char *values[CONFIG_COUNT]; /* owned, never NULL once loaded */
};

const struct config_row *config_row(enum config_key key);

/* Starts from the defaults. */
void config_init(struct config *config);
void config_free(struct config *config);

/* Parses "key = value" lines; blank lines and lines that begin with # are skipped, and a # further on belongs to the
 * value. ERR_INVALID_FORM with *line and *why (static text) on the first bad one; the values before it are set. */
enum err config_parse(struct config *config, const char *text, size_t n, int *line, const char **why) MUST_USE;

/* Takes every SNUG_<KEY> in the environment and leaves other variables alone. On error *key names the bad one. */
enum err config_from_environment(struct config *config, char *const environment[], const char **key,
				 const char **why) MUST_USE;

/* Copies one value in after checking it. A flag may be given as on, true, 1, off, false or 0; it is kept as on or off.
 */
enum err config_set(struct config *config, enum config_key key, const char *value, const char **why) MUST_USE;

const char *config_text(const struct config *config, enum config_key key);
int64_t config_int(const struct config *config, enum config_key key);
bool config_flag(const struct config *config, enum config_key key);
struct gcra_rate config_rate(const struct config *config, enum config_key key);

#endif
