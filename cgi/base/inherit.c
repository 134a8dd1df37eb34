#include "base/inherit.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

int inherit_descriptor(const char *name)
{
	char variable[64];
	const char *text;
	char *end = NULL;
	long fd;

	snprintf(variable, sizeof variable, "SNUG_FD_%s", name);
	text = getenv(variable);
	if (!text)
		return -1;
	fd = strtol(text, &end, 10);
	if (end == text || *end != '\0' || fd < 0 || fd > INT_MAX)
		return -1;
	return fcntl((int)fd, F_SETFD, FD_CLOEXEC) == 0 ? (int)fd : -1;
}
