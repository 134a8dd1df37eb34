/* Configuration files: what is accepted satisfies the table and, written out again, reads the same; what is not is
 * named by a line that exists. */
#include "base/buf.h"
#include "base/config.h"
#include "base/ensure.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int line_count(const char *text, size_t n)
{
	int lines = 1;

	for (size_t i = 0; i < n; i++)
		lines += text[i] == '\n';
	return lines;
}

static void check_accepted(const struct config *config)
{
	struct config again;
	const char *why;
	struct buf text;
	int line;

	buf_init(&text);
	config_init(&again);
	for (unsigned i = 0; i < CONFIG_COUNT; i++)
		buf_printf(&text, "%s = %s\n", config_row((enum config_key)i)->name,
			   config_text(config, (enum config_key)i));
	ensure(config_parse(&again, text.p, text.n, &line, &why) == ERR_OK);
	for (unsigned i = 0; i < CONFIG_COUNT; i++) {
		enum config_key key = (enum config_key)i;

		ensure(strcmp(config_text(config, key), config_text(&again, key)) == 0);
		if (config_row(key)->type == CONFIG_TYPE_INT)
			ensure(config_int(config, key) >= config_row(key)->min &&
			       config_int(config, key) <= config_row(key)->max);
	}
	config_free(&again);
	buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data, *why;
	struct config config;
	int line;

	config_init(&config);
	if (config_parse(&config, text, size, &line, &why) == ERR_OK)
		check_accepted(&config);
	else
		ensure(why && why[0] && line >= 1 && line <= line_count(text, size));
	config_free(&config);
	return 0;
}
