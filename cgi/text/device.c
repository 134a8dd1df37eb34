#include "text/device.h"

#include <string.h>

struct name {
	const char *mark, *name;
};

/* Browsers name each other, so the first that is found counts: Edge says Chrome, and Chrome says Safari. */
static const struct name browsers[] = {{"Edg", "Edge"},
				       {"OPR/", "Opera"},
				       {"Vivaldi/", "Vivaldi"},
				       {"SamsungBrowser/", "Samsung Internet"},
				       {"Firefox/", "Firefox"},
				       {"FxiOS/", "Firefox"},
				       {"CriOS/", "Chrome"},
				       {"Chromium/", "Chromium"},
				       {"HeadlessChrome/", "Chrome"},
				       {"Chrome/", "Chrome"},
				       {"Safari/", "Safari"}};
static const struct name systems[] = {{"iPhone", "iPhone"},   {"iPad", "iPad"},       {"Android", "Android"},
				      {"CrOS", "ChromeOS"},   {"Windows", "Windows"}, {"Mac OS X", "macOS"},
				      {"Macintosh", "macOS"}, {"FreeBSD", "FreeBSD"}, {"OpenBSD", "OpenBSD"},
				      {"Linux", "Linux"}};

#define COUNT(table) (sizeof(table) / sizeof(table[0]))

static const char *find(const struct name *table, size_t count, const char *user_agent)
{
	for (size_t i = 0; i < count; i++) {
		if (strstr(user_agent, table[i].mark) != NULL)
			return table[i].name;
	}
	return NULL;
}

const char *device_describe(struct arena *arena, const char *user_agent)
{
	const char *browser, *system;

	if (user_agent == NULL || user_agent[0] == '\0')
		return "Unknown device";
	if (strncmp(user_agent, "Mozilla/", 8) != 0) { /* every browser says that it is Mozilla, and programs do not */
		size_t n = strcspn(user_agent, "/ (");
		return n > 0 ? arena_strndup(arena, user_agent, n) : "Unknown device";
	}
	browser = find(browsers, COUNT(browsers), user_agent);
	system = find(systems, COUNT(systems), user_agent);
	if (system == NULL)
		return browser != NULL ? browser : "Browser";
	return arena_printf(arena, "%s on %s", browser != NULL ? browser : "Browser", system);
}
