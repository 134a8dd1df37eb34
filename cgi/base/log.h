/* The log: one JSON line an event on stderr, {"at":…,"level":…,"program":…,"pid":…,"event":…,fields…}.
 * Secrets have a type of their own (crypto/secret.h) that no log_… function takes. A line is written by one write(2).
 */
#ifndef SNUG_BASE_LOG_H
#define SNUG_BASE_LOG_H

#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log_field {
	const char *key; /* NULL ends a list */
	const char *text;
	int64_t number; /* when text is NULL */
};

static inline struct log_field log_text(const char *key, const char *text)
{
	return (struct log_field){key, text ? text : "", 0};
}
static inline struct log_field log_number(const char *key, int64_t number)
{
	return (struct log_field){key, 0, number};
}

/* log_event(LOG_WARN, "child_died", log_text("program", name), log_number("status", status)); */
#define log_event(level, event, ...) log_write(level, event, (const struct log_field[]){__VA_ARGS__, {0, 0, 0}})

/* program is borrowed for the life of the process. Lines below the level are dropped. */
void log_open(const char *program, enum log_level least);
void log_write(enum log_level level, const char *event, const struct log_field *fields);

#endif
