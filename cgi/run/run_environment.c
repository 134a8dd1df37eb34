#include "run/run_environment.h"

#include "base/ensure.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { VARIABLE_MAX = 8192 };

/* Everything named SNUG_… is told anew; the others speak to the process that systemd started. */
static bool is_private(const char *variable)
{
	static const char *const prefixes[] = {
	    "SNUG_", "LISTEN_PID=", "LISTEN_FDS=", "LISTEN_FDNAMES=", "NOTIFY_SOCKET=", "PWD=", "OLDPWD="};
	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
		if (strncmp(variable, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	return false;
}

static char *variable_of(const char *key, const char *value)
{
	char text[VARIABLE_MAX];
	int n = snprintf(text, sizeof text, "SNUG_%s=%s", key, value);
	ensure(n > 0 && n < (int)sizeof text);
	for (char *p = text; *p != '='; p++)
		*p = (char)toupper((unsigned char)*p);
	return ensure_strdup(text);
}

char **run_environment_make(const struct run_config *config, const char *static_version)
{
	extern char **environ;
	size_t n = 0;
	while (environ[n])
		n++;
	char **out = ensure_calloc(n + CONFIG_COUNT + 2, sizeof *out);
	size_t at = 0;
	for (char **variable = environ; *variable; variable++)
		if (!is_private(*variable))
			out[at++] = ensure_strdup(*variable);
	for (unsigned i = 0; i < CONFIG_COUNT; i++) {
		enum config_key key = (enum config_key)i;
		if (config_row(key)->type == CONFIG_TYPE_SECRET)
			continue;
		out[at++] =
		    variable_of(config_row(key)->name,
				key == CONFIG_PUBLIC_URL ? config->public_url : config_text(&config->values, key));
	}
	out[at++] = variable_of("STATIC_VERSION", static_version);
	return out;
}

char **run_environment_with(char **base, char *const *extra, size_t extra_count)
{
	size_t n = 0;
	while (base[n])
		n++;
	char **out = ensure_calloc(n + extra_count + 1, sizeof *out);
	memcpy(out, base, n * sizeof *out);
	memcpy(out + n, extra, extra_count * sizeof *out);
	return out;
}
